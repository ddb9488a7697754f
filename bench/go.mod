module memsnap.test/bench

go 1.24
