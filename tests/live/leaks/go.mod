module leaks

go 1.24
