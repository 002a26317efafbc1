package sim

import (
	"net/url"
	"strings"
)

// serverHost is where the simulated servers say they are.
const serverHost = "127.0.0.1"

const (
	serverKey     = "c2ltdWxhdGVkLW1lc3NhZ2Utc2VydmVyLWtleS0wMDA="
	serverPort    = "5223"
	serverAddress = "smp://" + serverKey + "@" + serverHost + ":" + serverPort
)

// link is something that others can connect to: an address, a one-time
// invitation, or the link of a group.
type link struct {
	connLink
	resolved string // the full link as those see it who have the short one
	kind     byte   // as in short links: address, invitation, group, channel, relay's address
	db       *database
	user     *user
	conn     *conn  // of an invitation
	group    *group // of a group's link
	channel  *channel
	gone     bool // used or deleted; the server answers AUTH
}

// newLink makes a link and enters it in the network.
func (n *Network) newLink(d *database, u *user, kind byte) *link {
	queue := "smp://" + serverKey + "@" + serverHost + ":" + serverPort + "/" + n.rawKey(24) +
		"#/?v=1-4&dh=" + url.QueryEscape(n.key(32)) + "&q="
	short := "https://" + serverHost + "/" + string(kind) + "#"
	l := &link{kind: kind, db: d, user: u}
	if kind == 'i' {
		query := "simplex:/invitation#/?v=2-7&smp=" + url.QueryEscape(queue+"m&k=s") + "&e2e="
		x3dh := url.QueryEscape("v=2-3&x3dh=" + n.key(56) + "," + n.key(56))
		l.Full, l.resolved = query+x3dh, query+strings.Replace(x3dh, "2-3", "3-3", 1)
		short += n.rawKey(24) + "/"
	} else {
		l.Full = "simplex:/contact#/?v=2-7&smp=" + url.QueryEscape(queue+"c")
		if kind == 'g' || kind == 'c' {
			l.Full += "&data=" + url.QueryEscape(`{"groupLinkId":"`+n.rawKey(12)+`"}`)
		}
		l.resolved = l.Full
	}
	l.Short = short + n.rawKey(32) + "?p=" + serverPort + "&c=" + strings.TrimRight(serverKey, "=")
	for _, s := range []string{l.Full, l.resolved, l.Short} {
		n.links[s] = l
	}
	return l
}

// unlink makes a link useless.
func (n *Network) unlink(l *link) {
	if l != nil {
		l.gone = true
	}
}

// errAuth is the server's answer to a link that was used or deleted.
var errAuth = agentError("type", "SMP", "serverAddress", serverAddress, "smpErr", tag{"AUTH"})

var errLink = chatError("invalidConnReq")

// find returns the link of a text. short tells that it was the short form. A
// link that is well formed but unknown gets what a server would say.
func (d *database) find(text string) (l *link, short bool, err error) {
	if d.v7 && isName(text) {
		return nil, false, errNoNames
	}
	text = longForm(text)
	if l := d.net.links[text]; l != nil {
		return l, text == l.Short, nil
	}
	rest, ok := strings.CutPrefix(text, "https://"+serverHost+"/")
	if !ok || len(rest) < 40 || !strings.Contains("aigcr", rest[:1]) || rest[1] != '#' {
		return nil, false, errLink
	}
	if strings.HasSuffix(text, "&c="+strings.TrimRight(serverKey, "=")) {
		return nil, true, errAuth
	}
	_, key, _ := strings.Cut(rest, "&c=")
	return nil, true, agentError("type", "BROKER", "brokerAddress", "smp://"+key+"=@"+serverHost+":"+serverPort,
		"brokerErr", object("type", "NETWORK", "networkError", tag{"unknownCAError"}))
}

// longForm turns simplex:/a#KEY?h=HOST&p=… into https://HOST/a#KEY?p=….
func longForm(text string) string {
	rest, ok := strings.CutPrefix(text, "simplex:/")
	if !ok || len(rest) < 2 || rest[1] != '#' {
		return text
	}
	return "https://" + serverHost + "/" + strings.Replace(rest, "?h="+serverHost+"&", "?", 1)
}

// asSeen is the link as it is shown to others.
func (l *link) asSeen(short bool) connLink {
	if short {
		return connLink{l.resolved, l.Short}
	}
	return connLink{Full: l.Full}
}
