package cli_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"

	"countinghouse/sync/spapifake"
	"countinghouse/ui/cli"
)

const insideEnv = "COUNTINGHOUSE_TEST_INSIDE_NAMESPACE"

// Everything that a user does, in a network of its own that holds nothing but
// this computer: the list of calls is what the servers saw, and the kernel
// counted not one attempt to reach anything else.
func TestEgress(t *testing.T) {
	cmd := exec.Command(os.Args[0], "-test.run=^TestEgressInside$", "-test.v")
	cmd.Env = append(os.Environ(), insideEnv+"=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Skipf("no network namespace here: %v", err)
	}
	err := cmd.Wait()
	t.Log(out.String())
	if err != nil || !strings.Contains(out.String(), "--- PASS: TestEgressInside") {
		t.Errorf("inside the namespace: %v", err)
	}
}

// TestEgressInside runs in the namespace only.
func TestEgressInside(t *testing.T) {
	if os.Getenv(insideEnv) == "" {
		t.Skip("TestEgress runs it")
	}
	loopbackUp(t)
	control(t)
	s := spapifake.New(spapifake.Config{Seed: 7, Orders: 60, Days: 20, Speed: 100}) // clients believe a limit up to a hundredfold
	if err := s.Start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	u := &user{t: t, dir: t.TempDir()}
	before := counters(t)
	u.day(s)
	after := counters(t)

	u.wantCalls(s)
	for _, name := range []string{"Ip OutNoRoutes", "Ip6 OutNoRoutes", "Udp OutDatagrams", "Udp6 OutDatagrams", "Tcp AttemptFails", "Icmp OutMsgs"} {
		if n := after[name] - before[name]; n != 0 {
			t.Errorf("%s: %d", name, n)
		}
	}
	active, passive := after["Tcp ActiveOpens"]-before["Tcp ActiveOpens"], after["Tcp PassiveOpens"]-before["Tcp PassiveOpens"]
	if active == 0 || active != passive {
		t.Errorf("%d connections were opened, the servers took %d", active, passive)
	}
	t.Logf("%d connections, all to the servers; no datagram, no packet without a way", active)
}

// user is somebody at a terminal.
type user struct {
	t   *testing.T
	dir string
}

func (u *user) write(name, text string) string {
	u.t.Helper()
	path := filepath.Join(u.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		u.t.Fatal(err)
	}
	return path
}

// does runs the program as typed and gives what it prints.
func (u *user) does(args ...string) string {
	u.t.Helper()
	var out, errs bytes.Buffer
	key := []string{"--home", filepath.Join(u.dir, "home"), "--no-keychain", "--recovery-file", filepath.Join(u.dir, "recovery")}
	if args[0] == "create" {
		key = append(key[:3], "--passphrase-file", filepath.Join(u.dir, "pass"))
	}
	if code := cli.Main(u.t.Context(), append(key, args...), cli.Streams{In: strings.NewReader(""), Out: &out, Err: &errs}); code != 0 {
		u.t.Fatalf("%v: exit code %d: %s", args, code, errs.String())
	}
	return out.String()
}

// day is a day's work: three accounts, two syncs, a file, reports, an export.
func (u *user) day(s *spapifake.Server) {
	u.t.Helper()
	u.write("pass", "correct horse battery staple\n")
	u.does("create", "Test", "--test", "--recovery-out", filepath.Join(u.dir, "recovery"))
	for _, region := range spapifake.Connections() {
		c, at := s.Credentials(region), s.Endpoints()
		u.does("connect", "--region", region, "--client-id", c.ClientID, "--client-secret-file", u.write("secret", c.ClientSecret+"\n"),
			"--refresh-token-file", u.write("token", c.RefreshToken+"\n"), "--endpoint", at.Region(region), "--login-endpoint", at.Login)
	}
	u.does("sync", "--once")
	u.does("sync", "--once")
	u.does("import", u.write("settlement.txt", settlementText))
	for _, report := range []string{"orders", "inventory", "settlements", "lines", "profit"} {
		u.does("report", report, "--format", "csv")
	}
	u.does("rebuild")
	u.does("verify")
	u.does("export", "--out", filepath.Join(u.dir, "export.zip"))
}

// wantCalls compares status --calls with what each server was asked.
func (u *user) wantCalls(s *spapifake.Server) {
	u.t.Helper()
	at := s.Endpoints()
	host := func(address string) string {
		parsed, err := url.Parse(address)
		if err != nil {
			u.t.Fatal(err)
		}
		return parsed.Host
	}
	want := map[string]int{}
	for _, r := range s.Requests() {
		switch r.Operation {
		case "getAccessToken":
			want[host(at.Login)]++
		case "downloadDocument":
			want[host(at.Documents)]++
		default:
			want[host(at.Region(r.Connection))]++
		}
	}
	var told struct {
		Calls []struct {
			Host  string
			Calls int
		}
		Uses []struct {
			Host, Operation, Purpose string
			Calls                    int
		} `json:"calls_by_operation"`
	}
	text := u.does("--json", "status", "--calls")
	if err := json.Unmarshal([]byte(text), &told); err != nil {
		u.t.Fatal(err)
	}
	got := map[string]int{}
	for _, c := range told.Calls {
		got[c.Host] = c.Calls
	}
	byUse := map[string]int{}
	for _, c := range told.Uses {
		if byUse[c.Host] += c.Calls; c.Operation == "" || c.Purpose == "" {
			u.t.Errorf("calls for nothing: %+v", c)
		}
	}
	if fmt.Sprint(byUse) != fmt.Sprint(want) {
		u.t.Errorf("by what they were for: %v", byUse)
	}
	if len(want) < 5 || fmt.Sprint(got) != fmt.Sprint(want) {
		u.t.Errorf("the list of calls: %v\nthe servers saw:   %v", got, want)
	}
	u.t.Logf("status --calls: %v", got)
}

// loopbackUp switches the namespace's only interface on.
func loopbackUp(t *testing.T) {
	t.Helper()
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	request := struct {
		name  [16]byte
		flags uint16
		_     [22]byte
	}{flags: unix.IFF_UP | unix.IFF_RUNNING}
	copy(request.name[:], "lo")
	if _, _, e := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), unix.SIOCSIFFLAGS, uintptr(unsafe.Pointer(&request))); e != 0 {
		t.Fatalf("switch loopback on: %v", e)
	}
	links, err := net.Interfaces()
	if err != nil || len(links) != 1 {
		t.Fatalf("the namespace has %d interfaces: %v", len(links), err)
	}
}

// control makes sure that the counters see what they have to see: a connection
// to somewhere else, and a question to a name server.
func control(t *testing.T) {
	t.Helper()
	before := counters(t)
	if c, err := net.Dial("tcp", "192.0.2.1:443"); err == nil {
		c.Close()
		t.Fatal("there is a way out")
	}
	if c, err := net.Dial("udp", "127.0.0.1:53"); err == nil {
		_, _ = c.Write([]byte("who is it?"))
		c.Close()
	}
	after := counters(t)
	if after["Ip OutNoRoutes"] == before["Ip OutNoRoutes"] || after["Udp OutDatagrams"] == before["Udp OutDatagrams"] {
		t.Fatalf("the kernel did not count the attempts: %v, then %v", before, after)
	}
}

// counters reads what the kernel counted in this namespace.
func counters(t *testing.T) map[string]int64 {
	t.Helper()
	out := map[string]int64{}
	b, err := os.ReadFile("/proc/self/net/snmp")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(b)), "\n")
	for i := 0; i+1 < len(lines); i += 2 {
		names, values := strings.Fields(lines[i]), strings.Fields(lines[i+1])
		for j := 1; j < len(names) && j < len(values); j++ {
			out[strings.TrimSuffix(names[0], ":")+" "+names[j]], _ = strconv.ParseInt(values[j], 10, 64)
		}
	}
	if b, err = os.ReadFile("/proc/self/net/snmp6"); err == nil {
		for _, line := range strings.Split(string(b), "\n") {
			if f := strings.Fields(line); len(f) == 2 {
				for _, p := range []string{"Ip6", "Udp6"} {
					if name, ok := strings.CutPrefix(f[0], p); ok {
						out[p+" "+name], _ = strconv.ParseInt(f[1], 10, 64)
					}
				}
			}
		}
	}
	return out
}

var settlementText = strings.Join([]string{
	"settlement-id\tsettlement-start-date\tsettlement-end-date\tdeposit-date\ttotal-amount\tcurrency\ttransaction-type\torder-id\tmerchant-order-id\tadjustment-id\tshipment-id\tmarketplace-name\tamount-type\tamount-description\tamount\tfulfillment-id\tposted-date\tposted-date-time\torder-item-code\tmerchant-order-item-id\tmerchant-adjustment-item-id\tsku\tquantity-purchased\tpromotion-id",
	"90000000001\t2026-03-01 00:00:00 UTC\t2026-03-15 00:00:00 UTC\t2026-03-17 00:00:00 UTC\t25.00\tUSD\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t",
	"90000000001\t\t\t\t\tUSD\tOrder\t111-0000001-0000001\t\t\tS1\tAmazon.com\tItemPrice\tPrincipal\t25.00\tAFN\t2026-03-03\t2026-03-03 08:14:22 UTC\t90000000011\t\t\tSKU-1\t1\t",
	"",
}, "\n")
