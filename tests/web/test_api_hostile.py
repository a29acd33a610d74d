"""The API against whatever its own description allows, and much that it does not: never a failure of the server."""

from collections.abc import Mapping

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
    secretary = place.person("书记", "secretary")
    place.people = builders.village(place.here, builders.People(secretary=secretary))
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
