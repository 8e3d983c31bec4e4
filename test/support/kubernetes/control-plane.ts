// A real Kubernetes API server with its store, controllers and scheduler, on loopback, for one test file.

import { spawn, type ChildProcess } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import {
  createWriteStream,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { ClusterConnection } from '../../../src/runners/kubernetes/cluster-request.js';
import { waitUntil } from '../wait-until.js';
import { writeKubeConfig } from './test-cluster.js';

/** Tokens by user; the first two may do everything. */
const TOKENS = [
  ['admin', 'admin', '"system:masters"'],
  ['node', 'node', '"system:masters"'],
  ['worker', 'anneal-worker', ''],
  ['nobody', 'nobody', ''],
];
const CONTROLLERS = [
  ...['job-controller', 'garbage-collector-controller', 'ttl-after-finished-controller'],
  ...['namespace-controller', 'serviceaccount-controller', 'pod-garbage-collector-controller'],
];

export class ControlPlane {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'anneal-control-plane-'));
  private readonly children = new Map<string, ChildProcess>();
  private admin: ClusterConnection | undefined;
  private apiServerFlags: string[] = [];

  private constructor(
    private readonly program: string,
    readonly url: string,
    private readonly port: number,
  ) {}

  /** @param program  the built control plane (test/kubernetes/control-plane) */
  static async start(program: string): Promise<ControlPlane> {
    const port = await freePort();
    const plane = new ControlPlane(program, `https://127.0.0.1:${port}`, port);
    try {
      await plane.startParts();
    } catch (error) {
      const logs = ['etcd', 'api-server', 'controllers'].map((part) => plane.tail(part)).join('\n');
      await plane.close();
      throw new Error(`the control plane did not start: ${String(error)}\n${logs}`);
    }
    return plane;
  }

  /** PEM of the certificate that the API server made for itself, and its key. */
  get certificate(): { readonly cert: string; readonly key: string } {
    const read = (name: string): string =>
      readFileSync(path.join(this.folder, 'certs', name), 'utf8');
    return { cert: read('apiserver.crt'), key: read('apiserver.key') };
  }

  /** A kubeconfig of one of the users. */
  configOf(user: 'admin' | 'worker' | 'nobody'): string {
    const file = path.join(this.folder, `${user}.config`);
    return writeKubeConfig(file, { server: this.url, token: user, ca: this.certificate.cert });
  }

  /** A call as administrator. */
  call<Result>(
    method: 'GET' | 'POST' | 'DELETE' | 'PUT',
    place: string,
    body?: object,
  ): Promise<Result> {
    return this.admin!.json<Result>({ method: method as 'GET', path: place, body });
  }

  /** Ends the API server as a crash would, and starts it again at the same address. */
  async restartApiServer(): Promise<void> {
    const child = this.children.get('api-server')!;
    child.kill('SIGKILL');
    await once(child, 'exit');
    await this.startApiServer();
  }

  async close(): Promise<void> {
    this.admin?.close();
    const ended = [...this.children.values()].map(async (child) => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    });
    await Promise.all(ended);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async startParts(): Promise<void> {
    const [client, peer] = [await freePort(), await freePort()];
    const etcd = `http://127.0.0.1:${client}`;
    this.startPart('etcd', [
      ...['--folder', path.join(this.folder, 'etcd')],
      ...['--client-url', etcd, '--peer-url', `http://127.0.0.1:${peer}`],
    ]);
    this.apiServerFlags = [...this.identityFlags(), `--etcd-servers=${etcd}`];
    await this.startApiServer();
    const config = this.configOf('admin');
    this.startPart('controllers', [
      ...[`--kubeconfig=${config}`, '--leader-elect=false', '--secure-port=0'],
      `--controllers=${CONTROLLERS.join(',')}`,
      `--service-account-private-key-file=${path.join(this.folder, 'sa.key')}`,
    ]);
    this.startPart('scheduler', [
      `--kubeconfig=${config}`,
      '--leader-elect=false',
      '--secure-port=0',
    ]);
  }

  private async startApiServer(): Promise<void> {
    this.startPart('api-server', this.apiServerFlags);
    await waitUntil('the API server is ready', () => this.isReady(), 120_000);
  }

  private identityFlags(): string[] {
    const own = (name: string): string => path.join(this.folder, name);
    const { publicKey, privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    writeFileSync(own('sa.pub'), publicKey);
    writeFileSync(own('sa.key'), privateKey, { mode: 0o600 });
    const lines = TOKENS.map(([token, user, groups], id) => `${token},${user},${id},${groups}\n`);
    writeFileSync(own('tokens.csv'), lines.join(''), { mode: 0o600 });
    mkdirSync(own('certs'));
    return [
      ...['--bind-address=127.0.0.1', `--secure-port=${this.port}`, `--cert-dir=${own('certs')}`],
      ...[`--token-auth-file=${own('tokens.csv')}`, '--authorization-mode=RBAC'],
      ...[
        '--service-account-issuer=https://anneal.test',
        `--service-account-key-file=${own('sa.pub')}`,
      ],
      ...[
        `--service-account-signing-key-file=${own('sa.key')}`,
        '--service-cluster-ip-range=10.0.0.0/24',
      ],
      ...['--endpoint-reconciler-type=none', '--kubelet-preferred-address-types=InternalIP'],
      '--disable-admission-plugins=TaintNodesByCondition', // no kubelet will ever lift the taint
    ];
  }

  private async isReady(): Promise<boolean> {
    const child = this.children.get('api-server')!;
    if (child.exitCode !== null) throw new Error('the API server ended');
    try {
      const ca = Buffer.from(this.certificate.cert).toString('base64');
      const config = new KubeConfig();
      config.loadFromOptions({
        clusters: [{ name: 'test', server: this.url, caData: ca, skipTLSVerify: false }],
        users: [{ name: 'admin', token: 'admin' }],
        contexts: [{ name: 'test', cluster: 'test', user: 'admin' }],
        currentContext: 'test',
      });
      this.admin ??= new ClusterConnection(config);
      await this.admin.open({ method: 'GET', path: '/readyz' }).then((answer) => answer.resume());
      return true;
    } catch {
      return false;
    }
  }

  private startPart(part: string, flags: readonly string[]): void {
    const child = spawn(this.program, [part, ...flags], { stdio: ['ignore', 'pipe', 'pipe'] });
    const log = createWriteStream(path.join(this.folder, `${part}.log`), { flags: 'a' });
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    this.children.set(part, child);
  }

  private tail(part: string): string {
    try {
      const lines = readFileSync(path.join(this.folder, `${part}.log`), 'utf8')
        .trimEnd()
        .split('\n');
      return [`-- ${part}`, ...lines.slice(-8)].join('\n');
    } catch {
      return `-- ${part}: no log`;
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
