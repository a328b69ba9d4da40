"""Which indexes of a schema do nothing: each costs every school a file, a page, and a little of every write.

Two kinds are found: one for LIKE, which Django gives an indexed text unasked, and one whose columns another index of
the same table begins with. What is kept all the same has its reason here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import connection

from tenants import context

ON_PURPOSE: Mapping[str, str] = {
    "academics_teachinggroup_members_teachinggroup_id_64adf1f6": "Django makes the table between by itself",
    "academics_teachinggroup_teachers_teachinggroup_id_228342c8": "Django makes the table between by itself",
}


@dataclass(frozen=True, slots=True)
class Index:
    """One index: what it lies over, and whether it keeps a rule besides finding rows."""

    table: str
    name: str
    method: str
    where: str
    is_rule: bool
    columns: tuple[str, ...]
    directions: tuple[int, ...]

    def is_for_like(self) -> bool:
        """Whether it serves nothing but the beginnings of texts."""
        return any(column.endswith("_pattern_ops") for column in self.columns)

    def is_begun_by(self, other: "Index") -> bool:
        """Whether another index does all that this one does; of two twins the later name is the one too many."""
        if self.name == other.name or (self.table, self.method, self.where) != (other.table, other.method, other.where):
            return False
        width = len(self.columns)
        turned = width > 1 and self.directions != other.directions[:width]
        if turned or self.columns != other.columns[:width]:
            return False
        twins = self.columns == other.columns and self.is_rule == other.is_rule
        return self.name > other.name if twins else not self.is_rule


def of(schema: str) -> list[Index]:
    """Every index of one schema."""
    with context.in_public(), connection.cursor() as cursor:
        cursor.execute(
            """SELECT t.relname, c.relname, m.amname, coalesce(pg_get_expr(x.indpred, x.indrelid), ''),
                      x.indisunique OR x.indisexclusion,
                      array(SELECT pg_get_indexdef(c.oid, place, true)
                                   || CASE WHEN o.opcdefault THEN '' ELSE ' ' || o.opcname END
                            FROM generate_series(1, x.indnkeyatts) AS place
                            JOIN pg_opclass o ON o.oid = x.indclass[place - 1] ORDER BY place),
                      x.indoption::int2[]
               FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
               JOIN pg_namespace n ON n.oid = t.relnamespace JOIN pg_am m ON m.oid = c.relam
               WHERE n.nspname = %s ORDER BY t.relname, c.relname""",
            [schema],
        )
        return [
            Index(table, name, method, where, is_rule, tuple(columns), tuple(directions))
            for table, name, method, where, is_rule, columns, directions in cursor.fetchall()
        ]


def idle(indexes: Sequence[Index]) -> list[tuple[Index, str]]:
    """Those that do nothing, kept on purpose or not, each with the reason why."""
    found = []
    for index in indexes:
        wider = next((other.name for other in indexes if index.is_begun_by(other)), "")
        if index.is_for_like():
            found.append((index, "it serves LIKE alone"))
        elif wider:
            found.append((index, f"{wider} begins with its columns"))
    return found
