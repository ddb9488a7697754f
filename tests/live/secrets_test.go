package live

import (
	"crypto/rand"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"memsnap.test/leakzoo/keeper"
	"memsnap.test/leakzoo/secrets/planted"
	"memsnap.test/live/harness"
)

// Ten secrets lie in the program's memory, environment, arguments and labels. None of them, and no long part of
// one, may be in anything that memsnap writes.
func TestSecrets(t *testing.T) {
	harness.Tool(t)
	for _, release := range harness.Releases() {
		t.Run(harness.ReleaseName(release), func(t *testing.T) {
			t.Parallel()
			harness.Enter(t)
			folder := t.TempDir()
			program, err := keeper.Build(filepath.Join(harness.Zoo, "secrets"), release, folder, "vault")
			if err != nil {
				t.Fatal(err)
			}
			salt := rand.Text()
			secrets := planted.Secrets(salt)
			animal, err := keeper.Start(program, func(command *exec.Cmd) {
				command.Args = append(command.Args, "-salt", salt, "-password", secrets[5])
				command.Env = append(os.Environ(), "VAULT_TOKEN="+secrets[4])
			})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(animal.Stop)
			checkPlanted(t, animal.PID, secrets)
			pid := strconv.Itoa(animal.PID)
			snapshots := []string{filepath.Join(folder, "doctor.snap"), filepath.Join(folder, "capture.snap")}
			outputs := map[string]string{
				"doctor": mustRun(t, "doctor", pid, "--json", "-o", snapshots[0]),
				"list":   mustRun(t, "doctor"),
			}
			outputs["capture"] = mustRun(t, "capture", "-p", pid, "-o", snapshots[1])
			for _, snapshot := range snapshots {
				text, err := os.ReadFile(snapshot)
				if err != nil {
					t.Fatal(err)
				}
				outputs[snapshot] = string(text)
				if info, err := os.Stat(snapshot); err != nil || info.Mode().Perm() != 0o600 {
					t.Errorf("the snapshot has mode %v, expected 0600", info.Mode())
				}
			}
			for _, format := range []string{"text", "markdown", "html"} {
				outputs[format] = mustRun(t, "doctor", snapshots[0], "--all", "--format="+format)
			}
			for _, verb := range []string{"top", "maps", "slices", "goroutines", "rss"} {
				outputs[verb] = mustRun(t, verb, snapshots[1], "--all")
				outputs[verb+" --json"] = mustRun(t, verb, snapshots[1], "--all", "--json")
			}
			outputs["tree"] = mustRun(t, "tree", snapshots[1], "--json")
			outputs["maps --keys"] = mustRun(t, "maps", "--keys", "--all", snapshots[1])
			for what, text := range outputs {
				checkSilent(t, what, text, secrets)
			}
		})
	}
}

const longPart = 12 // bytes of a secret that are too many to show

func checkSilent(t *testing.T, what, text string, secrets []string) {
	t.Helper()
	for kind, secret := range secrets {
		for from := 0; from+longPart <= len(secret); from++ {
			if part := secret[from : from+longPart]; strings.Contains(text, part) {
				t.Errorf("%s shows the %s: %q in %q", what, planted.Kinds[kind], part, around(text, strings.Index(text, part)))
				break
			}
		}
	}
}

// checkPlanted makes sure that the secrets are there to be found, in the memory of the program.
func checkPlanted(t *testing.T, pid int, secrets []string) {
	t.Helper()
	memory := readMemory(t, pid)
	for kind, secret := range secrets {
		if !strings.Contains(memory, secret) {
			t.Errorf("the %s is not in the program, so this test proves nothing about it", planted.Kinds[kind])
		}
	}
}

// readMemory reads what a process may write to, and its stack.
func readMemory(t *testing.T, pid int) string {
	t.Helper()
	folder := "/proc/" + strconv.Itoa(pid)
	maps, err := os.ReadFile(folder + "/maps")
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(folder + "/mem")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var memory strings.Builder
	for _, line := range strings.Split(string(maps), "\n") {
		fields := strings.Fields(line)
		if len(fields) < 2 || !strings.HasPrefix(fields[1], "rw") {
			continue
		}
		from, to, _ := strings.Cut(fields[0], "-")
		start, _ := strconv.ParseInt(from, 16, 64)
		end, _ := strconv.ParseInt(to, 16, 64)
		if end-start > 1<<30 {
			t.Fatalf("a mapping of %d bytes", end-start)
		}
		part := make([]byte, end-start)
		n, _ := file.ReadAt(part, start) // a mapping may be gone by now
		memory.Write(part[:n])
	}
	return memory.String()
}
