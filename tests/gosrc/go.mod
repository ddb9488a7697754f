module memsnap.test/gosrc

go 1.27
