"""PL/pgSQL that several models share."""


def keep_column(column: str, value: str, of: str) -> str:
    """PL/pgSQL that brings a column of the membership `of` up to date with rows of the trigger's table."""
    return f"""
        IF TG_OP <> 'INSERT' THEN
            UPDATE members_membership SET {column} = ({value}) WHERE id = OLD.{of};
        END IF;
        IF TG_OP <> 'DELETE' AND NEW.{of} IS NOT NULL THEN
            UPDATE members_membership SET {column} = ({value}) WHERE id = NEW.{of};
        END IF;
        RETURN NULL;
    """  # noqa: S608 - put together from names that stand in this file
