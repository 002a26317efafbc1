package main
import ("os";"fmt";"time"; lua "github.com/yuin/gopher-lua"; "github.com/simplex-lua/simplex-lua/luaapi/lua51";"strings")
func main(){
 s:=lua51.New(lua51.Options{})
 s.L().SetGlobal("print", s.L().NewFunction(func(L *lua.LState) int { var p []string; for i:=1;i<=L.GetTop();i++ { p=append(p,s.ToString(L,L.Get(i)).String()) }; fmt.Println(strings.Join(p,"\t")); return 0 }))
 src,_:=os.ReadFile(os.Args[1])
 p,err:=s.Compile(os.Args[1],src); if err!=nil { fmt.Println("COMPILE",err); os.Exit(1) }
 if len(os.Args)>2 { fmt.Println(p.String()) }
 t:=time.Now()
 _,err=s.Call(lua51.NewBudget(nil,20*time.Second), s.L().NewFunctionFromProto(p), 0)
 if os.Getenv("T")!="" { fmt.Println(time.Since(t)) }
 if err!=nil { fmt.Println("ERR",err); if e,ok:=err.(*lua51.Error);ok {fmt.Println(e.Traceback)}; os.Exit(1) }
}
