package sim

import (
	"fmt"
	"strings"
)

// codeCommands compare the security codes of connections.
var codeCommands = table{
	"APIGetContactCode":     {run: contactCode},
	"APIVerifyContact":      {run: verifyContact},
	"APIGetGroupMemberCode": {run: memberCode},
	"APIVerifyGroupMember":  {run: verifyMember},
}

// securityCode is the code of a connection that somebody compared.
type securityCode struct {
	Code       string `json:"securityCode"`
	VerifiedAt stamp  `json:"verifiedAt"`
}

// securityCode is the same on both ends: 77 digits in groups of five.
func (c *conn) securityCode() string {
	if c.code == "" {
		var b strings.Builder
		for i := range 77 {
			if i > 0 && i%5 == 0 {
				b.WriteByte(' ')
			}
			fmt.Fprint(&b, c.db.net.rand.IntN(10))
		}
		c.code = b.String()
		if c.peer != nil {
			c.peer.code = c.code
		}
	}
	return c.code
}

// verify compares a code. The right one is kept, none takes the verification
// back, and a wrong one changes nothing.
func (c *call) verify(cn *conn) (raw, error) {
	code := cn.securityCode()
	if !c.cmd.Has("code") {
		cn.Code = nil
	}
	verified := strings.Join(strings.Fields(c.cmd.Text("code")), "") == strings.Join(strings.Fields(code), "")
	if verified {
		cn.Code = &securityCode{code, c.db.net.now()}
	}
	return c.reply("connectionVerified", "verified", verified, "expectedCode", code)
}

// coded finds a contact with a connection.
func (c *call) coded() (*contact, error) {
	ct, err := c.contact(c.cmd.Int("contactId"))
	if err != nil {
		return nil, err
	}
	if ct.ActiveConn == nil {
		return nil, chatError("contactNotActive", "contact", ct)
	}
	return ct, nil
}

func contactCode(c *call) (raw, error) {
	ct, err := c.coded()
	if err != nil {
		return nil, err
	}
	return c.reply("contactCode", "contact", ct, "connectionCode", ct.ActiveConn.securityCode())
}

func verifyContact(c *call) (raw, error) {
	ct, err := c.coded()
	if err != nil {
		return nil, err
	}
	return c.verify(ct.ActiveConn)
}

// codedMember finds a member with a connection.
func (c *call) codedMember() (*member, error) {
	g, err := c.group(c.cmd.Int("groupId"))
	if err != nil {
		return nil, err
	}
	m, err := g.storedMember(c.cmd.Int("groupMemberId"))
	if err != nil {
		return nil, err
	}
	if m.ActiveConn == nil {
		return nil, chatError("groupMemberNotActive")
	}
	return m, nil
}

func memberCode(c *call) (raw, error) {
	m, err := c.codedMember()
	if err != nil {
		return nil, err
	}
	return c.reply("groupMemberCode", "groupInfo", m.group, "member", m, "connectionCode", m.ActiveConn.securityCode())
}

func verifyMember(c *call) (raw, error) {
	m, err := c.memberWithConn()
	if err != nil {
		return nil, err
	}
	return c.verify(m.ActiveConn)
}
