"""Names in the order in which somebody looks for them on a list, whatever the database's own locale is."""

from django.db.models import CharField, F, Func, Value
from django.db.models.functions import Lower

# Letters that Unicode does not take apart into a letter and its mark, and the ones that people look beneath.
LETTERS = {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ı": "i", "ß": "s", "æ": "a", "œ": "o", "þ": "t"}


def by_eye(field: str) -> Func:
    """The text of a field to order by, or to index: capitals make no difference, and a marked letter stands with the
    plain one. The database can compute it for an index. Not for showing.
    """
    taken_apart = Func(F(field), template="NORMALIZE(%(expressions)s, NFD)", output_field=CharField())
    folded = (Value("".join(letters)) for letters in (LETTERS.keys(), LETTERS.values()))
    return Func(Lower(taken_apart), *folded, function="TRANSLATE", output_field=CharField())
