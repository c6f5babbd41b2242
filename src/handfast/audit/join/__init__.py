"""Tables of an export joined into one ``Export``: people, deals, touches, activities, owners."""
