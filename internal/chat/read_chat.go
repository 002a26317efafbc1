package chat

import "github.com/simplex-lua/simplex-lua/internal/jsonscan"

// info is what says which chat it is.
type info struct {
	ref             Ref
	name, localName string
	createdAt       string
	myRole          string
}

// readChatInfo reads a ChatInfo. Its ref is zero for kinds that cannot be
// written to.
func readChatInfo(c *jsonscan.Cursor) (in info) {
	var typ string
	c.Object(func(key []byte) {
		switch string(key) {
		case "type":
			typ = c.String()
		case "contact":
			readChat(c, &in, TypeDirect, "contactId")
		case "groupInfo":
			readChat(c, &in, TypeGroup, "groupId")
		case "noteFolder":
			readChat(c, &in, TypeLocal, "noteFolderId")
		case "groupChatScope":
			if c.Kind() == jsonscan.Object {
				in.ref.Support = true
				c.Object(func(key []byte) {
					if string(key) == "groupMember_" {
						in.ref.MemberID = readID(c, "groupMemberId")
					}
				})
			}
		}
	})
	if in.ref.Type != typ || in.ref.ID == 0 {
		in.ref = Ref{}
	}
	return in
}

func readChat(c *jsonscan.Cursor, in *info, typ, idName string) {
	if c.Kind() != jsonscan.Object {
		return
	}
	in.ref.Type = typ
	c.Object(func(key []byte) {
		switch string(key) {
		case idName:
			in.ref.ID = c.Int()
		case "localDisplayName":
			in.localName = c.String()
		case "profile", "groupProfile":
			in.name = knownProfiles.of(in.ref.ID).read(c, nameIn)
		case "createdAt":
			in.createdAt = c.String()
		case "membership":
			in.myRole = knownMemberships.of(in.ref.ID).read(c, func(text []byte) string { return readMember(jsonscan.New(text)).Role })
		case "activeConn":
			skipKnown(knownConnections.of(in.ref.ID), c)
		case "mergedPreferences":
			skipKnown(&knownPreferences, c)
		case "fullGroupPreferences":
			skipKnown(&knownGroupPreferences, c)
		}
	})
}

// readName reads the displayName of a profile.
func readName(c *jsonscan.Cursor) (name string) {
	c.Object(func(key []byte) {
		if string(key) == "displayName" {
			name = c.String()
		}
	})
	return name
}

func nameIn(profile []byte) string { return readName(jsonscan.New(profile)) }

func readMember(c *jsonscan.Cursor) (m Member) {
	c.Object(func(key []byte) {
		switch string(key) {
		case "groupMemberId":
			m.ID = c.Int()
		case "memberId":
			m.MemberID = c.String()
		case "memberRole":
			m.Role = c.String()
		case "localDisplayName":
			m.LocalName = c.String()
		case "memberProfile":
			m.Name = knownMemberProfiles.of(m.ID).read(c, nameIn)
		case "activeConn":
			skipKnown(knownMemberLinks.of(m.ID), c)
		case "createdAt":
			m.CreatedAt = c.String()
		}
	})
	return m
}
