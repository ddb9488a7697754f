module precision

go 1.24
