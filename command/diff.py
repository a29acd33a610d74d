"""`cunyi diff`: what differs between two procedures as they bind two places, or one place on two days, in words."""

import datetime
import re
from typing import Annotated

import typer

from command.answers import Json, WrongCall, print_json
from command.drafting import With, texts_with
from command.show import PLACE, day_of
from workflow.core.findings import Unreadable
from workflow.differences import differences
from workflow.library import Library, NotInForce
from workflow.show import Shown, show

_NAMED = re.compile(r"(?P<procedure>[a-z][a-z0-9_]*)(@(?P<place>[0-9]+))?(:(?P<day>[0-9-]+))?", re.ASCII)
_HELP = "程序代号，可加 @地区代码 和 :日期，例如 siyi_lianggongkai@371329:2026-03-01。"


def diff(
    before: Annotated[str, typer.Argument(metavar="A", help=_HELP)],
    after: Annotated[str, typer.Argument(metavar="B", help="同上，与 A 比。")],
    drafts: With = None,
    json: Json = False,
) -> int:
    """Print every difference, one a line; 0 where there is none, 1 where there are some or a text is broken."""
    try:
        with texts_with(drafts) as library:
            found = differences(_shown(library, before), _shown(library, after))
    except NotInForce as error:
        raise WrongCall(str(error)) from None
    except Unreadable as error:
        for fault in error.findings:
            typer.echo(fault.line())
        return 1
    if json:
        print_json([each.as_data() for each in found])
    else:
        for each in found:
            typer.echo(each.line())
        typer.echo(f"共 {len(found)} 处不同" if found else "没有不同")
    return 1 if found else 0


def _shown(library: Library, named: str) -> Shown:
    read = _NAMED.fullmatch(named)
    place = (read["place"] or "") if read else ""
    if read is None or (place and not PLACE.fullmatch(place)):
        raise WrongCall(f"看不懂“{named}”。{_HELP}")
    day: datetime.date = day_of(read["day"] or "")
    return show(library, read["procedure"], place, day)
