module memsnap.test/spinner

go 1.24
