module example.com/checkrunner

go 1.24
