module memsnap.test/field

go 1.24
