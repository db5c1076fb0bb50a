"""What every action shares."""


class Refused(Exception):
    """An action that cannot be done as things stand. Its text is for the person who tried: what is so, and what to do
    instead. Nothing has been changed.
    """
