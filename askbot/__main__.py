"""`python -m askbot`."""

from askbot.cli import main

if __name__ == "__main__":
    main()
