import yargs from "yargs";
it("x", async () => {
  const y = yargs().scriptName("s").option("batch-size",{string:true,number:true,describe:"x",defaultDescription:"3",group:"Required:"}).exitProcess(false).locale("en");
  let out="";
  const r = await y.parseAsync(["--batchSize","abc","--foo-bar","1","--batch-size"], {}, (e,a,o)=>{out=o});
  console.log(r,out, await y.getHelp());
});
