"""The API against whatever its own description allows, and much that it does not: never a failure of the server."""

import itertools
from collections.abc import Mapping
from datetime import date, timedelta

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests import builders
from workflow.core.days import civil_day
from workflow.core.facts import fields_schema
from workflow.core.place_acts import place_actions

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
QUICK = 12
"""Examples a route; there are fourteen."""


@pytest.fixture
def house(install):
    """A village with one matter under way, open to everybody's description of the API."""
    place = install(demo=True)
    place.accounts = {
        "secretary": place.person("书记", "secretary"),
        "vsc_chair": place.person("监委会主任", "committee"),
        "township_officer": place.person("镇街审核员", "township", builders.VILLAGE[:9]),
    }
    place.people = builders.village(place.here, builders.People(**place.accounts))
    place.matter = builders.life(place.here, place.people, "posted")
    return place


def explore(house, headers: Mapping[str, str], examples: int) -> set[int]:
    """Send examples to every route of the description and check each answer against it; returns the statuses seen."""
    schema = schemathesis.openapi.from_dict(house.client().get("/api/openapi.json").json())
    schema.app = house.app
    seen: set[int] = set()
    with house.database.reading() as conn:
        actions = sorted(house.here.compiled(conn, _procedure(conn, house)).open("post_resolution.posted"))
    real = {
        "code": st.just(builders.VILLAGE),
        "matter_id": st.just(house.matter),
        "action": st.sampled_from([*actions, "set_body", "grant_office", "record_delegation"]),
    }
    for found in schema.get_all_operations():
        operation = found.ok()

        @settings(
            max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck)
        )
        @given(case=operation.as_strategy(), data=st.data())
        def send(case, data) -> None:
            for name in case.path_parameters or {}:
                if data.draw(st.booleans()):
                    case.path_parameters[name] = data.draw(real[name])
            if isinstance(case.body, dict) and "acted_on" in case.body and data.draw(st.booleans()):
                case.body["acted_on"] = "2026-03-01"
            answer = case.call(base_url="http://localhost", headers=dict(headers))
            seen.add(answer.status_code)
            case.validate_response(answer, checks=CHECKS)

        send()
    return seen


def _procedure(conn, house) -> str:
    return house.here.matter(conn, builders.VILLAGE, house.matter).procedure


def test_no_request_of_a_stranger_breaks_the_server(house):
    """Without a token every answer is one of those described."""
    assert 401 in explore(house, {}, QUICK // 3)


def test_no_request_of_a_secretary_breaks_the_server(house):
    """With a token too, whatever is sent; and some of it gets through."""
    assert {200, 404, 422} <= explore(house, house.token(house.people.secretary, "act"), QUICK)


@pytest.mark.prove
def test_no_request_breaks_the_server_in_a_long_search(house, prove_rounds):
    """As above, with as many requests as one has patience for."""
    explore(house, house.token(house.people.secretary, "act"), max(1, prove_rounds // 14))


STEPS = ("opened", "opinion", "party_called", "party_met", "called", "resolved", "posted", "archived")


def facts_of(schema: Mapping[str, object], paper: str) -> st.SearchStrategy[dict[str, object]]:
    """Facts that a form's schema allows, most of them nonsense."""
    properties: Mapping[str, Mapping[str, object]] = schema["properties"]
    fields = {name: _fact(each, paper) for name, each in properties.items()}
    required = {name: fields[name] for name in schema["required"]}
    return st.fixed_dictionaries(
        required, optional={name: fields[name] for name in fields.keys() - required.keys()}
    )


def _fact(shape: Mapping[str, object], paper: str) -> st.SearchStrategy[object]:
    if "enum" in shape:
        return st.sampled_from(shape["enum"])
    if shape["type"] == "array":
        inner = shape["items"]
        if "enum" not in inner:
            return st.just([paper])
        return st.lists(st.sampled_from(inner["enum"]), unique=True, max_size=len(inner["enum"]))
    if shape.get("format") == "date":
        near = st.dates(date(2026, 2, 1), date(2026, 6, 1))
        return (near | st.dates(date(1900, 1, 1), date(2199, 12, 31))).map(date.isoformat)
    if shape["type"] == "integer":
        return st.integers(0, 50) | st.integers(0, 10**12)
    if shape["type"] == "boolean":
        return st.booleans()
    return st.just("p_someone") if "pattern" in shape else st.text("村道路abc 0-9", min_size=1, max_size=9)


def offer_nonsense(house, examples: int) -> set[int]:
    """At many steps of a matter's life send well-formed nonsense to everything that is open; returns the statuses."""
    client, seen, keys = house.client(), set(), itertools.count(1)
    paper = builders.document(house.here)
    token = {who: house.token(person, "act", days=365) for who, person in house.accounts.items()}

    def send(path: str, schema: Mapping[str, object], **more: object) -> None:
        @settings(
            max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck)
        )
        @given(facts=facts_of(schema, paper), who=st.sampled_from(sorted(token)), back=st.integers(0, 5))
        def once(facts, who, back) -> None:
            day = (civil_day(house.watch()) - timedelta(days=back)).isoformat()
            headers = {**token[who], "Idempotency-Key": f"nonsense-{next(keys)}"}
            answer = client.post(
                f"/api{path}", json={"facts": facts, "acted_on": day, **more}, headers=headers
            )
            assert answer.status_code in {200, 409, 422}, (path, facts, answer.text)
            seen.add(answer.status_code)

        once()

    for step in STEPS:
        matter = builders.life(house.here, house.people, step)
        shown = client.get(f"/api/matters/{matter}", headers=token["secretary"]).json()
        for action in [*shown["actions"], *({"action": "correct", **each} for each in shown["corrections"])]:
            send(f"/matters/{matter}/actions/{action['action']}", action["facts"], mseq=shown["mseq"])
    for action in place_actions(house.here.library.catalogue(civil_day(house.watch()))).values():
        send(f"/places/{builders.VILLAGE}/actions/{action.id}", fields_schema(action.fields))
    return seen


def test_no_well_formed_nonsense_breaks_the_server(house):
    """Dates a century away, counts of a trillion, answers that contradict: decided or refused, never a failure."""
    assert offer_nonsense(house, 4) == {200, 409, 422}


@pytest.mark.prove
def test_no_well_formed_nonsense_breaks_the_server_in_a_long_search(house, prove_rounds):
    """As above, with as much nonsense as one has patience for."""
    offer_nonsense(house, max(1, prove_rounds // 60))
