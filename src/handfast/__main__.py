"""``python -m handfast`` is the same as ``handfast``."""

from handfast.cli import main

if __name__ == "__main__":
    main()
