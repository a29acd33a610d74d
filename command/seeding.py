"""Seeds the demo county through `advance`: places, accounts, offices, counts, delegations, then every story in turn."""

import datetime
import heapq
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from command.county import County, Story, Village, read_answers, read_county, read_stories
from command.robot import Teller, World
from web import store
from web.passwords import Passwords
from workflow.core.days import SHANGHAI
from workflow.installation import Installation
from workflow.store import places

PASSWORD = "demo-cunyi-2026"  # noqa: S105 (said on the screen: the demo guards nothing)
VILLAGE_OFFICES = {
    "secretary": ("secretary", "书记"),
    "committee_director": ("secretary", "主任"),
    "clerk": ("secretary", "文书"),
    "vsc_chair": ("committee", "监委会主任"),
    "vsc_member": ("committee", "监委会成员"),
}
HOUR = datetime.time(9, 0, tzinfo=SHANGHAI)
BETWEEN_ACTS = datetime.timedelta(minutes=3)
YEAR = datetime.timedelta(days=364)


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One way into the demo, as printed."""

    group: str
    place: str
    person: str
    login: str
    token: str


@dataclass
class StoryClock:
    """The clock while the stories are told: it stands still between acts."""

    now: datetime.datetime = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)

    def __call__(self) -> datetime.datetime:
        """Return the instant of the present act."""
        return self.now


def seed(here: Installation, clock: StoryClock) -> tuple[DemoAccount, ...]:
    """Tell the whole demo; the clock ends on the county's last day. Returns the accounts, first village first."""
    county, stories = read_county(), read_stories()
    start = datetime.datetime.combine(county.from_, HOUR)
    clock.now = start
    accounts = list(_accounts(here, county, start))
    people = {(each.place, each.group): each.person for each, _ in accounts}
    world = World(here, {village.code: village for village in county.villages}, people, read_answers())
    _offices(world, county)
    for village in county.villages:
        _record_of(world, village)
    _tell(world, county, stories, clock)
    clock.now = datetime.datetime.combine(county.to, datetime.time(14, 0, tzinfo=SHANGHAI))
    here.signer.sign_pending()
    return tuple(shown for _, shown in accounts)


@dataclass(frozen=True, slots=True)
class _Held:
    place: str
    group: str
    person: str


def _accounts(
    here: Installation, county: County, start: datetime.datetime
) -> Iterator[tuple[_Held, DemoAccount]]:
    """Make places and accounts; one person in two offices (一肩挑) has one account. `group` of _Held is the office."""
    hashed = Passwords().hash_now(PASSWORD)
    made: dict[tuple[str, str], tuple[str, str, str]] = {}
    for code, place_name, office, group, display, login in _people(here, county):
        with here.database.writing() as conn:
            if (code, display) not in made:
                person = store.create_account(
                    conn, name=login, display=display, group=group, scope=places.scope_of(code),
                    place_name=place_name, now=start,
                )  # fmt: skip
                store.set_password(conn, person, hashed)
                scope = "read" if group == "auditor" else "act"
                real = datetime.datetime.now(datetime.UTC)
                made[code, display] = (
                    person,
                    login,
                    store.issue_token(conn, person, scope, "演示", real, YEAR),
                )
        person, known, token = made[code, display]
        yield _Held(code, office, person), DemoAccount(group, place_name, display, known, token)


def _people(here: Installation, county: County) -> Iterator[tuple[str, str, str, str, str, str]]:
    with here.database.writing() as conn:
        for place in (*county.townships, *county.villages):
            places.add(conn, place.code, place.name)
    for number, village in enumerate(county.villages, 1):
        for post, name in village.people.items():
            both = post == "committee_director" and name == village.people["secretary"]
            group, title = VILLAGE_OFFICES["secretary" if both else post]
            yield village.code, village.name, post, group, f"{name}（{title}）", f"{LOGINS[post]}{number}"
    for number, township in enumerate(county.townships, 1):
        yield (
            township.code,
            township.name,
            "township_officer",
            "township",
            township.officer,
            f"zhenjie{number}",
        )
    for office, group, display, login in (
        ("county", "county", "县民政局", "xian"),
        ("auditor", "auditor", "审计员", "shenji"),
        ("administrator", "administrator", "系统管理员", "guanli"),
    ):
        yield county.county.code, county.county.name, office, group, display, login


LOGINS: Mapping[str, str] = {
    "secretary": "shuji", "committee_director": "zhuren", "clerk": "wenshu", "vsc_chair": "jianwei",
    "vsc_member": "jianweiyuan",
}  # fmt: skip


def _offices(world: World, county: County) -> None:
    first = datetime.date(county.from_.year, 1, 1).isoformat()

    def grant(place: str, by: str, person: str, office: str) -> None:
        world.act(place, None, "grant_office", by, {"person": person, "office": office, "from": first})

    top = county.county.code
    administrator = world.people[top, "administrator"]
    grant(top, "installation", administrator, "administrator")
    grant(top, administrator, world.people[top, "county"], "county_civil_affairs")
    for township in county.townships:
        officer = world.people[township.code, "township_officer"]
        grant(township.code, administrator, officer, "township_officer")
        for village in county.villages:
            if village.code.startswith(places.scope_of(township.code)):
                for office in village.people:
                    grant(village.code, officer, world.people[village.code, office], office)


def _record_of(world: World, village: Village) -> None:
    """The counts of the village's bodies and its delegation, entered by the clerk, confirmed by the committee."""
    clerk, chair = world.people[village.code, "clerk"], world.people[village.code, "vsc_chair"]
    year = world.today().year

    def confirmed(action: str, facts: Mapping[str, object]) -> None:
        entry = world.act(village.code, None, action, clerk, facts).entry
        world.act(village.code, None, "confirm", chair, {"confirms": entry.pseq})

    for body, counts in village.bodies.items():
        confirmed("set_body", {"body": body, "from": f"{year}-01-01", **counts})
    if not village.delegated:
        return
    households = village.bodies["villagers_assembly"]["households"]
    present = -(-households * 4 // 5)
    against, abstain = present // 12, present // 20
    confirmed(
        "record_delegation",
        {
            "mode": "households", "due": households, "present": present, "against": against, "abstain": abstain,
            "in_favour": present - against - abstain, "kinds": list(village.delegated),
            "from": f"{year}-01-20", "to": f"{year + 4}-12-31", "posted_on": f"{year}-01-21",
            "filed_on": f"{year}-01-22",
        },
    )  # fmt: skip


def _tell(world: World, county: County, stories: tuple[Story, ...], clock: StoryClock) -> None:
    """Tell all stories side by side, day by day, since the register only ever moves forward."""
    order = itertools.count()
    queue: list[tuple[datetime.date, int, Iterator[datetime.date]]] = []
    for story in stories:
        told = Teller(world, story).tell()
        heapq.heappush(queue, (next(told), next(order), told))
    now = datetime.datetime.combine(county.from_, HOUR)
    while queue and queue[0][0] <= county.to:
        day, _, told = heapq.heappop(queue)
        now = max(now + BETWEEN_ACTS, datetime.datetime.combine(day, HOUR))
        clock.now = now
        following = next(told, None)
        if following is not None:
            heapq.heappush(queue, (max(following, day), next(order), told))
