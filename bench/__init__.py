"""How quick the main pages are with a country's data behind them: `make bench`. README.md says how to read it."""
