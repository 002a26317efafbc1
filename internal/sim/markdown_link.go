package sim

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// wordPieces are a word that may be a link or an address, and the punctuation
// after it.
func wordPieces(w string) []formatted {
	body := strings.TrimRightFunc(w, func(r rune) bool { return unicode.IsPunct(r) && r != '/' && r != ')' })
	f := wordFormat(w, body)
	if f == nil {
		return []formatted{{Text: w}}
	}
	ps := []formatted{{f, body}}
	if len(body) < len(w) {
		ps = append(ps, formatted{Text: w[len(body):]})
	}
	return ps
}

// wordFormat is the format of a word, which is read with and without the
// punctuation at its end.
func wordFormat(w, body string) *format {
	uri := len(body) >= len("simplex:/x") &&
		(strings.HasPrefix(body, "https://") || strings.HasPrefix(body, "http://") || strings.HasPrefix(body, "simplex:/"))
	switch {
	case uri:
		if f := simplexLink(w); f != nil {
			return f
		}
		if !isWebURI(body) {
			return nil
		}
		return &format{Type: "uri"}
	case strings.IndexByte(body, '@') > 0 && email.MatchString(body):
		return &format{Type: "email"}
	case isDomain(body):
		return &format{Type: "uri"}
	}
	return nil
}

// isDomain tells whether a word is likely to be the name of a site. Many are that
// are not taken for one.
func isDomain(w string) bool {
	names := strings.Split(w, ".")
	if len(names) == 3 {
		if n := utf8.RuneCountInString(names[0]); n < 3 || n > 8 {
			return false
		}
		names = names[1:]
	}
	return len(names) == 2 && letters(names[0], 1, 24) && letters(names[1], 2, 8)
}

// letters tells whether a text has so many letters, and nothing else.
func letters(s string, least, most int) bool {
	return len(s) >= least && len(s) <= most && !strings.ContainsFunc(s, func(r rune) bool { return (r|0x20) < 'a' || (r|0x20) > 'z' })
}

// hyperlinkPiece reads [text](link). A text with punctuation could look like
// another link, so it is the link itself or nothing.
func hyperlinkPiece(s string) ([]formatted, int) {
	m := hyperlink.FindStringSubmatch(s)
	if m == nil {
		return nil, 0
	}
	text, link := m[1], m[2]
	dubious := func(r rune) bool { return unicode.IsPunct(r) && r != '-' && r != '_' }
	if strings.ContainsFunc(text, dubious) && text != link && "https://"+text != link {
		return nil, 0
	}
	f := simplexLink(link)
	switch {
	case f != nil && fullLink.MatchString(link):
		return nil, 0
	case f != nil:
		f.ShowText = text
	case isWebURI(link):
		f = &format{Type: "hyperLink", ShowText: text, LinkURI: link}
	default:
		return nil, 0
	}
	return []formatted{{f, m[0]}}, len(m[0])
}

var (
	hyperlink = regexp.MustCompile(`^\[([^]]+)\]\(([^)]+)\)`)
	// webURI is a link to a page: its host has a dot.
	webURI = regexp.MustCompile(`^https?://([^/?#@\s]*@)?([A-Za-z0-9._~!$&'()*+,;=%-]*\.[A-Za-z0-9._~!$&'()*+,;=%-]*|\[[0-9A-Fa-f:.]+\])(:[0-9]*)?` +
		`(/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?(\?[^#]*)?(#[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*)?$`)
	shortLink = regexp.MustCompile(`^(?:simplex:|https://([^/?#]+))/([aigcr])#([A-Za-z0-9_-]{32}/)?([A-Za-z0-9_-]{43})(\?\S*)?$`)
	fullLink  = regexp.MustCompile(`^(?:simplex:|https://[^/?#]+)(/(?:invitation|contact)#/?\?\S+)$`)
)

func isWebURI(s string) bool {
	m := webURI.FindStringSubmatch(s)
	return m != nil && strings.Contains(m[2], ".")
}

var linkTypes = map[string]string{"a": "contact", "i": "invitation", "g": "group", "c": "channel", "r": "relay"}

// simplexLink is the format of a link that people connect by, nil of others.
func simplexLink(w string) *format {
	if m := shortLink.FindStringSubmatch(w); m != nil {
		f := &format{Type: "simplexLink", LinkType: linkTypes[m[2]], SimplexURI: w}
		if m[1] == "" {
			query, _ := url.ParseQuery(strings.TrimPrefix(m[5], "?"))
			f.SMPHosts = strings.Split(query.Get("h"), ",")
			return f
		}
		f.SMPHosts = []string{m[1]}
		f.SimplexURI = "simplex:/" + m[2] + "#" + m[3] + m[4] + "?h=" + m[1]
		if m[5] != "" {
			f.SimplexURI += "&" + m[5][1:]
		}
		return f
	}
	m := fullLink.FindStringSubmatch(w)
	if m == nil {
		return nil
	}
	path, text, _ := strings.Cut(m[1], "?")
	query, _ := url.ParseQuery(text)
	hosts := queueHosts(query.Get("smp"))
	if len(hosts) == 0 {
		return nil
	}
	kind := "contact"
	switch {
	case strings.HasPrefix(path, "/invitation"):
		kind = "invitation"
	case strings.Contains(query.Get("data"), "groupLinkId"):
		kind = "group"
	}
	return &format{Type: "simplexLink", LinkType: kind, SimplexURI: "simplex:" + m[1], SMPHosts: hosts}
}

// queueHosts are the servers of a queue, as its address names them.
func queueHosts(queue string) []string {
	u, err := url.Parse(queue)
	if err != nil || u.Scheme != "smp" || u.Host == "" {
		return nil
	}
	hosts := strings.Split(u.Hostname(), ",")
	_, text, _ := strings.Cut(u.Fragment, "?")
	if query, err := url.ParseQuery(text); err == nil && query.Get("srv") != "" {
		hosts = append(hosts, strings.Split(query.Get("srv"), ",")...)
	}
	return hosts
}
