assert(ADDRESS == "127.0.0.1:1")
assert(json.encode { 1 } == "[1]")
