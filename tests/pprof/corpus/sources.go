package corpus

import "strings"

// sources writes the program that the profiles listed and listed-recursive speak of.
func (c *Corpus) sources() error {
	for name, text := range map[string]string{
		"src/app/main.go": "package main\n\nimport \"app\"\n\nfunc main() {\n\tapp.Run()\n\tapp.Run()\n}\n",
		"src/app/run.go":  "package app\n\n" + strings.Repeat("// Run runs.\n", 8) + "func Run() {\n\tx := Sum(1, 2)\n\ty := Sum(x, 3)\n\tCrlf()\n\t_ = y\n" + strings.Repeat("\t// more\n", 20) + "}\n",
		"src/app/sum.go":  "package app\n\nfunc add(a, b int) int {\n\treturn a + b\n}\n\n// Sum <adds> & \"quotes\".\nfunc Sum(a, b int) int {\n\ts := a\n\ts = add(s, b)\n\treturn s // done\n}\n",
		"src/app/crlf.go": "package app\r\nfunc Crlf() {\r\n\tprintln(\"x\")\r\n}",
	} {
		if err := c.put(name, []byte(text)); err != nil {
			return err
		}
	}
	return nil
}
