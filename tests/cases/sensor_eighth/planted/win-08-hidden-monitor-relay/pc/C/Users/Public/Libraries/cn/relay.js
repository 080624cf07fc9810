// args: --listen --to --tee
const net = require('net'), a = require('./args');
net.createServer(c => {
  const up = net.connect(a.to), out = net.connect(a.tee);
  c.pipe(up); up.pipe(c); c.pipe(out);
}).listen(a.listen);
