module example.com/m

go 1.26.0

require (
	example.com/a v1.2.3-pre.1 // indirect
)
replace example.com/a v1.2.3 => ../a
exclude example.com/b v1.0.0
retract [v1.0.0, v1.1.0]
