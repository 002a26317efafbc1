package irc

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/internal/sim"
)

// PING is answered; a silent server is pinged and then left, and connected again.
func TestKeepalive(t *testing.T) {
	t.Parallel()
	f := serve(t, false, func(s *session, nth int) {
		s.welcome()
		if nth == 1 {
			s.send("PING :are you there")
			if got := s.line(); got != "PONG :are you there" {
				t.Errorf("got %q", got)
			}
			if got := s.line(); !strings.HasPrefix(got, "PING :") {
				t.Errorf("after silence: got %q", got)
			}
			s.line() // says nothing
			return
		}
		s.send(":b!u@h PRIVMSG anna :stop")
		s.until("QUIT")
	})
	env := f.env()
	env["PATIENCE"] = "0.6"
	out := run(t, "talk", env)
	out.Check(t, "connect", "message b: stop", "disconnect: bye", "end")
	if !strings.Contains(out.String(), "\ndisconnect: the server has been silent for ") {
		t.Errorf("the silent server was kept:\n%s", out)
	}
}

// A connection that is secured, and one with a certificate of somebody else.
func TestTLS(t *testing.T) {
	t.Parallel()
	f := serve(t, true, func(s *session, _ int) {
		s.welcome()
		s.send(":b!u@h PRIVMSG anna :stop")
		s.until("QUIT")
	})
	f.run("talk").Check(t, "welcome anna", "end")
}

// SASL PLAIN with CAP; what is refused ends the attempt.
func TestSASL(t *testing.T) {
	t.Parallel()
	password := strings.Repeat("p", 400)
	f := serve(t, false, func(s *session, nth int) {
		if got := s.line(); got != "CAP LS 302" {
			t.Errorf("first: got %q", got)
		}
		switch nth {
		case 1:
			s.send(":fake CAP * LS :multi-prefix")
		case 2:
			s.send(":fake CAP * LS :sasl=EXTERNAL")
		case 3:
			s.send(":fake CAP * LS :sasl", ":fake CAP * NAK :sasl")
		case 4:
			s.send(":fake CAP * LS :sasl", ":fake CAP * ACK :sasl", "AUTHENTICATE +", ":fake 904 anna :wrong password")
		case 5:
			s.send(":fake 001 anna :Welcome without")
		default:
			s.send(":fake CAP * LS * :a b c", ":fake CAP * LS :sasl=PLAIN,EXTERNAL d")
			s.until("CAP REQ :sasl")
			s.send(":fake CAP * ACK :sasl")
			s.until("AUTHENTICATE PLAIN")
			s.send("AUTHENTICATE +")
			var text string
			for more := true; more; {
				part := strings.TrimPrefix(s.line(), "AUTHENTICATE ")
				more = len(part) == 400
				text += strings.TrimPrefix(part, "+")
			}
			if got, _ := base64.StdEncoding.DecodeString(text); string(got) != "\x00anna\x00"+password {
				t.Errorf("credentials: got %q", got)
			}
			s.send(":fake 900 anna anna!u@h anna :in", ":fake 903 anna :success")
			s.until("CAP END")
			s.send(":fake 001 anna :Welcome", ":b!u@h PRIVMSG anna :stop")
			s.until("QUIT")
			return
		}
		s.until("never")
	})
	env := f.env()
	env["SASL"] = password
	run(t, "talk", env).Check(t,
		"disconnect: SASL failed: the server does not offer PLAIN", "disconnect: SASL failed: the server does not grant it",
		"disconnect: SASL failed: wrong password", "disconnect: SASL failed: the server went on without", "welcome anna", "end")
}

// A nick that is taken; the wanted one is taken back when it is free.
func TestNicks(t *testing.T) {
	t.Parallel()
	f := serve(t, false, func(s *session, nth int) {
		s.until("USER ")
		if nth == 1 {
			s.send(":fake 432 * anna :Erroneous")
			s.until("never")
			return
		}
		s.send(":fake 433 * anna :Taken")
		if got := s.line(); got != "NICK anna_" {
			t.Errorf("second: got %q", got)
		}
		s.send(":fake 432 * anna_ :Too long")
		if got := s.line(); got != "NICK anna2" {
			t.Errorf("third: got %q", got)
		}
		s.send(":fake 001 anna2 :Welcome", ":ANNA2!u@h JOIN #c")
		for got := s.line(); got != "NICK anna"; got = s.line() {
			text, isPing := strings.CutPrefix(got, "PING")
			if !isPing {
				t.Errorf("got %q", got)
				return
			}
			s.send(":fake PONG fake" + text)
		}
		s.send(":anna2!u@h NICK :anna", ":b!u@h PRIVMSG anna :stop")
		s.until("QUIT")
	})
	env := f.env()
	env["PATIENCE"] = "1"
	run(t, "talk", env).Check(t, "disconnect: the server does not take the nick anna: Erroneous", "welcome anna2", "nick anna", "end")
}

// A nick that the script takes, or that the server gives, is not taken back.
func TestOtherNicks(t *testing.T) {
	t.Parallel()
	f := serve(t, false, func(s *session, _ int) {
		s.welcome()
		s.send(":b!u@h PRIVMSG anna :rename")
		s.until("NICK other")
		s.send(":anna!u@h NICK :other", ":other!u@h NICK :Guest1")
		for range 2 {
			got := s.line()
			text, isPing := strings.CutPrefix(got, "PING")
			if !isPing {
				t.Errorf("got %q", got)
			}
			s.send(":fake PONG fake" + text)
		}
		s.send(":b!u@h PRIVMSG Guest1 :stop")
		s.until("QUIT")
	})
	env := f.env()
	env["PATIENCE"] = "1"
	run(t, "talk", env).Check(t, "nick other", "nick Guest1", "end")
}

// A server that lets the client in and drops it again is asked ever more seldom.
func TestDropped(t *testing.T) {
	t.Parallel()
	const enough = 12 // were they 50 ms apart, there would be twice as many
	came := make(chan bool, 2*enough)
	f := serve(t, false, func(s *session, _ int) {
		s.welcome()
		select {
		case came <- true:
		default:
		}
	})
	env := f.env()
	env["LONGEST"] = "1000"
	start(t, sim.New(sim.Options{}), "testdata/talk.lua", env)
	<-came
	<-came
	time.Sleep(2 * time.Second)
	if n := len(came); n > enough {
		t.Errorf("%d connections within two seconds", n)
	}
}

// A server that refuses says why.
func TestRefused(t *testing.T) {
	t.Parallel()
	f := serve(t, false, func(s *session, nth int) {
		s.until("USER ")
		switch nth {
		case 1:
			s.send(":fake 464 * :Password incorrect")
		case 2:
			s.send("ERROR :Closing link: banned")
		case 3: // ends without a word
			return
		default:
			s.send(":fake 001 anna :Welcome", "ERROR :Going down for tea")
			if nth == 4 {
				return
			}
			s.send(":b!u@h PRIVMSG anna :stop")
		}
		s.until("never")
	})
	f.run("talk").Check(t, "disconnect: the server refused: Password incorrect", "disconnect: the server refused: Closing link: banned",
		"disconnect: the server has closed the connection", "disconnect: Going down for tea", "end")
}

// Lines that are none of the protocol are skipped; a line without an end ends
// the connection, and the bot goes on.
func TestBadLines(t *testing.T) {
	t.Parallel()
	f := serve(t, false, func(s *session, nth int) {
		s.welcome()
		switch nth {
		case 1:
			s.send("", " ", ":", ":x", "@", "PRIVMSG", "PRIVMSG anna", ":b!u@h PRIVMSG", "a\x00b", ":b!u@h PRIVMSG anna :nul\x00nul", "12 anna", "99999",
				"353", "352 a b", "433", "001", "005", "005 anna LINELEN=9999999 CASEMAPPING= :x", "CAP", "AUTHENTICATE +", "903", "JOIN", "NICK", "PING", "MODE",
				":b!u@h PRIVMSG anna :half \xc3", ":b!u@h PRIVMSG anna :caf\xe9", ":b!u@h PRIVMSG anna :\x01VERSION\x01", ":!@ PRIVMSG anna :nobody",
				"CTCP anna", "CTCPREPLY", "USERMODE", "CHANNELMODE", ":b!u@h PRIVMSG anna :still here")
			if got := s.until("NOTICE b :"); got != "NOTICE b :\x01VERSION a  bot\x01" {
				t.Errorf("answer to CTCP: got %q", got)
			}
			s.send(":b!u@h PRIVMSG anna :" + strings.Repeat("x", 100_000))
		case 2:
			for range 20_000 { // no end of a line
				if _, err := s.Write([]byte("xxxxxxxxxx")); err != nil {
					return
				}
			}
		default:
			s.send(":b!u@h PRIVMSG anna :stop")
		}
		s.until("never")
	})
	out := f.run("talk")
	out.Check(t, "message b: half Ã", "message b: café", "message b: still here", "ctcp VERSION ", "end")
	if n := strings.Count(out.String(), "the line is longer than 16384 bytes"); n != 2 {
		t.Errorf("want two connections that end at a long line, got %d\n%s", n, out)
	}
}

// A flood of lines is handled in order, with none lost.
func TestFlood(t *testing.T) {
	t.Parallel()
	const count = 2500 // more than wait for their handlers at once
	f := serve(t, false, func(s *session, _ int) {
		s.welcome()
		lines := make([]string, count)
		for i := range lines {
			lines[i] = ":b!u@h PRIVMSG anna :n"
		}
		_, _ = s.Write([]byte(strings.Join(lines, "\r\n") + "\r\n:b!u@h PRIVMSG anna :\x01PING 1\x01\r\n:b!u@h PRIVMSG anna :stop\r\n"))
		s.until("QUIT")
	})
	out := f.run("talk")
	if n := strings.Count(out.String(), "message b: n\n"); n != count || out.Count("end") == 0 {
		t.Errorf("%d of %d messages", n, count)
	}
}

// Long texts are split at words, so that others get them whole; other lines that
// are too long are refused.
func TestLong(t *testing.T) {
	t.Parallel()
	f := serve(t, false, func(s *session, _ int) {
		s.welcome()
		s.send(":b!u@h PRIVMSG anna :long")
		var text []string
		for {
			got := s.until("PRIVMSG #c :")
			if len(got) > 510-len(":anna!anna@ ")-63 {
				t.Errorf("a line of %d bytes", len(got))
			}
			if got = strings.TrimPrefix(got, "PRIVMSG #c :"); got == "one" || got == "" {
				break
			}
			text = append(text, strings.TrimRight(got, " "))
		}
		if got := strings.Join(text, " "); got != strings.TrimRight(strings.Repeat("wörd ", 200), " ") || len(text) != 3 {
			t.Errorf("got %d pieces: %q", len(text), got)
		}
		if got := s.line(); got != "PRIVMSG #c :two!" {
			t.Errorf("got %q", got)
		}
		s.send(":b!u@h PRIVMSG anna :stop")
		s.until("QUIT")
	})
	out := f.run("talk")
	if n := strings.Count(out.String(), "false limit\n"); n != 2 {
		t.Errorf("got\n%s", out)
	}
}

// UTF-8 goes out, or what an old network wants.
func TestEncodings(t *testing.T) {
	t.Parallel()
	for encoding, want := range map[string]string{"utf-8": "hé €", "latin1": "h\xe9 ?"} {
		f := serve(t, false, func(s *session, _ int) {
			s.welcome()
			s.send(":b!u@h PRIVMSG anna :echo")
			if got := s.until("PRIVMSG"); got != "PRIVMSG b :"+want {
				t.Errorf("%s: got %q", encoding, got)
			}
			s.send(":b!u@h PRIVMSG anna :stop")
			s.until("QUIT")
		})
		env := f.env()
		env["ENCODING"] = encoding
		run(t, "talk", env).Check(t, "end")
	}
}
