module example.com/check/old

go 1.21
