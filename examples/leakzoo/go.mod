module memsnap.test/leakzoo

go 1.24
