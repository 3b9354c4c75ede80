"""What the facts can show of an exclusion."""

from tests.worlds.world import World


def test_no_office_visits(world: World) -> None:
    world.clinicians("""
        npi
        Z
    """)
    world.encounters("""
        patient | npi | tin | kind         | seen_on
        ann     | A   | T   | office_visit | 2021-06-03
        ann     | B   | T   | telehealth   | 2021-06-03
        ann     | C   | U   | other        | 2021-06-03
        ann     | D   | T   | office_visit | 2021-05-31
    """)
    assert world.excluded("no_office_visits") == {"C", "D", "Z"}
    assert world.excluded("no_office_visits", "group") == {"U"}


def test_half_of_the_encounters_in_a_county_without_broadband(world: World) -> None:
    world.counties("""
        county | as_of      | percent_4mbps
        23001  | 2020-01-01 | 80
        23001  | 2021-01-01 | 49.9
        23001  | 2021-06-02 | 90
        23003  | 2021-01-01 | 50
    """)
    world.encounters("""
        patient | npi | county
        ann     | A   | 23001
        bob     | A   | 23003
        ann     | B   | 23001
        bob     | B   | 23003
        cyd     | B   |
        ann     | C   | 23003
    """)
    assert world.excluded("county_without_broadband") == {"A"}


def test_without_encounters_no_county_excludes(world: World) -> None:
    world.clinicians("""
        npi
        A
    """)
    assert world.excluded("county_without_broadband") == set()
