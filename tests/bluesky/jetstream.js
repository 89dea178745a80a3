// A stand-in for Jetstream, version 2, over a server of accounts, on 127.0.0.1 only.
// node jetstream.js FOLDER PORT SERVER_URL FLOOR
// It tells of every change that the server tells of (com.atproto.sync.subscribeRepos), numbered from 1 in that order,
// so it numbers them the same after each start. It goes back to number FLOOR, and refuses a cursor below that.
// Frames, filters and refusals as the documentation of github.com/bluesky-social/jetstream has them (docs 5.1, 5.2).
const http = require('node:http'), path = require('node:path'), { createRequire } = require('node:module')
const [folder, port, server, floor] = process.argv.slice(2)
const packages = createRequire(path.join(folder, 'package.json'))
const { WebSocket, WebSocketServer } = packages('ws')
const { Frame } = packages('@atproto/xrpc-server')
const { readCar, cborToLexRecord } = packages('@atproto/repo')
const { lexToJson } = packages('@atproto/lexicon')

const EVENTS = 'network.bsky.jetstream.subscribeEvents', KINDS = ['commit', 'identity', 'account', 'sync']
const told = [], listeners = new Set()

function tell(kind, did, time, more) {
  const payload = { $type: `${EVENTS}#${kind}`, seq: told.length + 1, did, time, ...more }
  told.push({ kind, did, collection: more.collection, seq: payload.seq, frame: JSON.stringify({ $type: 'message', payload }) })
  for (const one of listeners) one(told[told.length - 1])
}

async function understand(frame) {
  const { t } = frame.header, said = frame.body
  if (t === '#commit') {
    const { blocks } = await readCar(said.blocks)
    for (const { action, path: place, cid } of said.ops) {
      const [collection, rkey] = place.split('/'), bytes = cid && blocks.get(cid)
      const made = cid ? { cid: cid.toString(), record: bytes && lexToJson(cborToLexRecord(bytes)) } : {}
      tell('commit', said.repo, said.time, { rev: said.rev, operation: action, collection, rkey, ...made })
    }
  } else if (t === '#identity' || t === '#account' || t === '#sync') {
    const { blocks, ...plain } = said
    tell(t.slice(1), said.did, said.time, { [t.slice(1)]: plain })
  }
}

function refusal(query) {
  if (query.has('wantedDids') || query.has('wantedCollections')) return ['InvalidRequest', 'use dids and collections']
  const odd = query.getAll('kinds').find((one) => !KINDS.includes(one))
  if (odd) return ['InvalidRequest', `no such kind: ${odd}`]
  const cursor = query.get('cursor')
  if (cursor !== null && Number(cursor) < Number(floor)) return ['CursorTooOld', `the oldest is ${floor}`]
  return null
}

function listen(socket, query) {
  const has = (name, value) => !query.has(name) || query.getAll(name).includes(value)
  const send = (one) => {
    const wanted = has('kinds', one.kind) && has('dids', one.did) && (one.kind !== 'commit' || has('collections', one.collection))
    if (wanted) socket.send(one.frame)
  }
  socket.on('close', () => listeners.delete(send))
  socket.on('message', () => socket.close())
  const cursor = query.get('cursor')
  if (cursor !== null && Number(cursor) > told.length + 1) {
    socket.send(JSON.stringify({ $type: 'message', payload: { $type: `${EVENTS}#info`, name: 'FutureCursor', message: 'starts now' } }))
  } else if (cursor !== null) told.filter((one) => one.seq >= Number(cursor)).forEach(send)
  listeners.add(send)
}

const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'xrpc.v1.json' }), web = http.createServer()
web.on('upgrade', (request, stream, head) => {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost'), no = refusal(searchParams)
  if (pathname !== `/xrpc/${EVENTS}` || no) {
    const body = JSON.stringify({ error: no?.[0] ?? 'NotFound', message: no?.[1] ?? '' })
    const status = no ? '400 Bad Request' : '404 Not Found'
    return stream.end(`HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`)
  }
  sockets.handleUpgrade(request, stream, head, (socket) => listen(socket, searchParams))
})

const upstream = new WebSocket(`${server.replace('http', 'ws')}/xrpc/com.atproto.sync.subscribeRepos?cursor=0`)
let turn = Promise.resolve()
upstream.on('message', (bytes) => { turn = turn.then(() => understand(Frame.fromBytes(bytes))) })
upstream.on('open', () => web.listen(Number(port), '127.0.0.1', () => console.log(`ws://127.0.0.1:${web.address().port}`)))
upstream.on('close', () => process.exit(0))
upstream.on('error', (error) => { console.error(error); process.exit(1) })
process.stdin.resume().on('end', () => process.exit(0))
