#!/usr/bin/env python3
"""The program in a checkout; an installed package has the same as the command ``digest``."""

from digest.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
