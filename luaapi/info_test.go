package luaapi

import "testing"

func TestConfigAndInfo(t *testing.T) {
	t.Parallel()
	_, err := load(t, `bot.configure { state_version = 3, catch_up = { max_items = 7, max_age = "2h" } }
		local c = bot.config
		assert(c.state_version == 3 and c.ordering == "chat")
		assert(c.catch_up.max_items == 7 and c.catch_up.max_age == 7200 and c.catch_up.first_run == false)
		for _, f in ipairs {
			function() return c.catch_upp end, function() c.ordering = "global" end,
			function() return c.catch_up.max_item end, function() c.catch_up.max_items = 1 end, function() return bot.info.nmae end,
		} do
			local ok, err = pcall(f)
			assert(not ok and err.type == "argument", tostring(err))
		end
		assert(bot.config.catch_up.max_items == 7 and bot.info.name == "test")`)
	if err != nil {
		t.Error(err)
	}
}
