package sim

import "time"

// operatorCommands are about the operators of servers that every app knows, and
// the conditions of using them.
var operatorCommands = table{
	"APIGetServerOperators":    {run: listOperators, early: true, anonymous: true},
	"APISetServerOperators":    {run: setOperators, early: true, anonymous: true},
	"APIGetUsageConditions":    {run: usageConditions, early: true, anonymous: true},
	"APISetConditionsNotified": {run: conditionsNotified, early: true, anonymous: true},
	"APIAcceptConditions":      {run: acceptConditions, early: true, anonymous: true},
}

// conditions are the version of the conditions that the cores ship with.
const (
	conditionsID     = 2
	conditionsCommit = "05f99634c470f8bddac20046947a0606938b22ad"
)

// conditionsTime is how long after the first start there is to accept them.
const conditionsTime = 31 * 24 * time.Hour

// operator is somebody who runs servers.
type operator struct {
	id                       int64
	tag, name, legal, domain string
	storage                  bool // of messages too
	enabled                  bool
	accepted                 *stamp
}

// operatorList are the operators as the database has them.
func (d *database) operatorList() []*operator {
	if d.operators == nil {
		now := d.net.now()
		d.conditionsAt = &now
		d.operators = []*operator{
			{id: 1, tag: "simplex", name: "SimpleX Chat", legal: "SimpleX Chat Ltd", domain: "simplex.im", storage: true, enabled: true},
			{id: 2, tag: "flux", name: "Flux", legal: "InFlux Technologies Limited", domain: "simplexonflux.com", enabled: true},
		}
	}
	return d.operators
}

func (d *database) operator(id int64) *operator {
	for _, op := range d.operatorList() {
		if op.id == id {
			return op
		}
	}
	return nil
}

func (op *operator) json(v7 bool) raw {
	var smpNames, xftpNames any
	if v7 {
		smpNames, xftpNames = true, false
	}
	acceptance := tagged("required")
	if op.accepted != nil {
		acceptance = tagged("accepted", "acceptedAt", op.accepted, "autoAccepted", false)
	}
	return object("operatorId", op.id, "operatorTag", op.tag, "tradeName", op.name, "legalName", op.legal,
		"serverDomains", []string{op.domain}, "conditionsAcceptance", acceptance, "enabled", op.enabled,
		"smpRoles", object("storage", op.storage, "proxy", true, "names", smpNames),
		"xftpRoles", object("storage", op.storage || v7, "proxy", true, "names", xftpNames))
}

func (d *database) conditions() raw {
	d.operatorList()
	var notified any
	if d.notified != nil {
		notified = d.notified
	}
	return object("conditionsId", conditionsID, "conditionsCommit", conditionsCommit, "notifiedAt", notified, "createdAt", d.conditionsAt)
}

// listOperators answers with the operators and what is to be done about them.
func listOperators(c *call) (raw, error) {
	d := c.db
	all, enabled, waiting := []raw{}, []raw{}, []raw{}
	for _, op := range d.operatorList() {
		j := op.json(d.v7)
		all = append(all, j)
		if op.enabled {
			enabled = append(enabled, j)
		}
		if op.enabled && op.accepted == nil {
			waiting = append(waiting, j)
		}
	}
	action := tagged("accepted", "operators", enabled)
	if len(waiting) > 0 {
		action = tagged("review", "operators", waiting, "deadline", d.conditionsAt.add(conditionsTime), "showNotice", d.notified == nil)
	}
	return result("serverOperatorConditions",
		"conditions", object("serverOperators", all, "currentConditions", d.conditions(), "conditionsAction", action)), nil
}

func setOperators(c *call) (raw, error) {
	var changes []struct {
		OperatorID int64 `json:"operatorId"`
		Enabled    *bool `json:"enabled"`
	}
	if err := c.decode("operators", &changes); err != nil {
		return nil, err
	}
	for _, ch := range changes {
		if ch.Enabled == nil {
			return nil, errSyntax
		}
	}
	for _, ch := range changes {
		if op := c.db.operator(ch.OperatorID); op != nil {
			op.enabled = *ch.Enabled
		}
	}
	return listOperators(c)
}

// usageConditions answers without the text, which is not here.
func usageConditions(c *call) (raw, error) {
	var accepted any
	for _, op := range c.db.operatorList() {
		if op.accepted != nil {
			accepted = c.db.conditions()
		}
	}
	return result("usageConditions", "usageConditions", c.db.conditions(), "acceptedConditions", accepted), nil
}

func conditionsNotified(c *call) (raw, error) {
	if c.cmd.Int("conditionsId") == conditionsID {
		now := c.db.net.now()
		c.db.notified = &now
	}
	return result("cmdOk"), nil
}

func acceptConditions(c *call) (raw, error) {
	if c.cmd.Int("conditionsId") != conditionsID {
		return nil, storeError("usageConditionsNotFound")
	}
	for _, id := range c.cmd.Ints("operatorIds") {
		op := c.db.operator(id)
		if op == nil {
			return nil, storeError("operatorNotFound", "serverOperatorId", id)
		}
		now := c.db.net.now()
		op.accepted = &now
	}
	return listOperators(c)
}
