# bofbot: `make demo` plays the practice robots, `make test` runs every test, `make check` the quick part.
