package main
import ("os";"fmt";"time";"syscall"; lua "github.com/yuin/gopher-lua"; "github.com/simplex-lua/simplex-lua/luaapi/lua51";"strings";"context")
type D struct{context.Context}
func (*D) Done() <-chan struct{} {return nil}
func user() time.Duration { var r syscall.Rusage; syscall.Getrusage(0,&r); return time.Duration(r.Utime.Nano()) }
func main(){
 s:=lua51.New(lua51.Options{})
 s.L().SetGlobal("print", s.L().NewFunction(func(L *lua.LState) int { var p []string; for i:=1;i<=L.GetTop();i++ { p=append(p,s.ToString(L,L.Get(i)).String()) }; fmt.Println(strings.Join(p,"\t")); return 0 }))
 src,_:=os.ReadFile(os.Args[1])
 p,err:=s.Compile(os.Args[1],src); if err!=nil { fmt.Println("COMPILE",err); os.Exit(1) }
 if len(os.Args)>2 { fmt.Println(p.String()) }
 mode:=os.Getenv("M")
 t:=user()
 if mode!="" {
  L:=lua.NewState(lua.Options{CallStackSize:20000,MinimizeStackMemory:strings.Contains(mode,"auto"),RegistrySize:256,RegistryMaxSize:1<<20,RegistryGrowStep:2048})
  if strings.Contains(mode,"ctx") { L.SetContext(&D{}) }
  if strings.Contains(mode,"bud") { L.SetContext(lua51.NewBudget(nil,time.Hour)) }
  f:=s.L().NewFunctionFromProto(p); if strings.Contains(mode,"stock") { f,_=L.LoadFile(os.Args[1]) } 
  L.Push(f); L.Call(0,0)
 } else {
 _,err=s.Call(lua51.NewBudget(nil,20*time.Second), s.L().NewFunctionFromProto(p), 0)
 }
 if os.Getenv("T")!="" { fmt.Println(mode,user()-t) }
 if err!=nil { fmt.Println("ERR",err); if e,ok:=err.(*lua51.Error);ok {fmt.Println(e.Traceback)}; os.Exit(1) }
}
