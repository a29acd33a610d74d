"""Who holds an office of the county, and who may say so."""

from tests.builders import COUNTY, People, village
from tests.web.sitting import hand_in, words


def test_the_administrator_grants_the_first_office_of_the_county(install):
    """From the list of accounts to the county's offices: without that, nobody of the county could act."""
    house = install()
    keeper = house.person("管理员", "administrator", "371329")
    village(house.here, People(administrator=keeper))
    chief = house.person("县民政", "county", "371329")
    browser = house.logged_in("管理员")
    offices = f"/county/places/{COUNTY}/offices"
    assert offices in browser.get("/accounts").text
    assert browser.get(offices).status_code == 200
    form = {"person": chief, "office": "county_civil_affairs", "from_y": "2026", "from_m": "3", "from_d": "1"}
    done = hand_in(browser, f"/county/place/grant_office?place={COUNTY}", **form)
    assert done.status_code == 303
    assert "县民政局" in words(browser.get(offices))
    assert browser.get(done.headers["location"]).status_code == 200
    assert browser.get("/county").status_code == 403
