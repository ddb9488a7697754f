package p
var x = 0x1p-2 + 1_0i + .5e3 + 0b1 + 0o7 + 017 // a
/* b
 */ var y = `raw` + "\u00e9\x41\101" + string('\'')
