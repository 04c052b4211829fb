"""Put a hidden bank behind a member's bank in the small world."""

import sqlite3

from tests.kit.banks import write_bank
from tests.kit.world import World

WITHHELD = """
@id("{name}.special")
@text("Not here.")
@contact("Office")
forbid (principal, action == Kalkan::Action::"search", resource)
when {{ resource == Kalkan::Bank::"{member}/special" }};
"""


def hide_bank(world: World, member: str, *, withheld: bool) -> None:
    """Move all records of a member's bank into a hidden one; its policy may show them to nobody."""
    folder = world.home / "nodes" / member
    mapping = write_bank(folder / "banks" / "special", member)
    text = mapping.read_text(encoding="utf-8")
    mapping.write_text(text.replace('id = "persons"', 'id = "special"'), encoding="utf-8")
    with sqlite3.connect(folder / "banks" / "persons" / "people.sqlite") as connection:
        connection.execute("DELETE FROM people WHERE id LIKE '%-1'")
    connection.close()
    with (folder / "node.toml").open("a", encoding="utf-8") as file:
        file.write('[[hidden]]\nmapping = "banks/special/mapping.toml"\nthrough = "persons"\n')
    if withheld:
        with (folder / "policy.cedar").open("a", encoding="utf-8") as file:
            file.write(WITHHELD.format(name=member.lower(), member=member))
