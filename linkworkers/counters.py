"""Counts that the database keeps beside what they count, so that a check on the row refuses one too many."""


def keep_count(column: str, standing: str, *, table: str, key: str) -> str:
    """PL/pgSQL for a trigger after each row: keeps in `column` of `table` how many rows stand that name it by `key`.

    `standing` is a condition on the row's columns, of which the first word is one. The row of `table` is locked until
    the transaction ends, so of two who take the last place one waits, and is then refused by the constraint.
    """
    return f"""
        IF TG_OP = 'UPDATE' AND OLD.{key} = NEW.{key} AND (OLD.{standing}) = (NEW.{standing}) THEN
            RETURN NULL;
        END IF;
        IF TG_OP <> 'INSERT' AND (OLD.{standing}) THEN
            UPDATE {table} SET {column} = {column} - 1 WHERE id = OLD.{key};
        END IF;
        IF TG_OP <> 'DELETE' AND (NEW.{standing}) THEN
            UPDATE {table} SET {column} = {column} + 1 WHERE id = NEW.{key};
        END IF;
        RETURN NULL;
    """  # noqa: S608 - put together from names that stand in these files
