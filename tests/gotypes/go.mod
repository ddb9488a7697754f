module memsnap/tests/gotypes

go 1.25
