import { describe, expect, it } from 'vitest';
import { renderReport, type ReportInput } from '../../../src/viewer/index.js';
import { CHURN_REPORT, CHURN_RUN, JUDGED } from './churn-run.js';
import { scanMarkup } from './markup-scan.js';

const HOSTILE_NAMES = [
  '<script>alert(1)</script>',
  '</script><script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'><svg onload=alert(1)>",
  '<svg/onload=alert(1)>',
  '<iframe src="javascript:alert(1)"></iframe>',
  '"onmouseover="alert(1)',
  "'onfocus='alert(1)' autofocus='",
  '<a href="javascript:alert(1)">x</a>',
  '<math><mi xlink:href="data:x,<script>alert(1)</script>">',
  '--><script>alert(1)</script>',
  ']]><script>alert(1)</script>',
  '</style><script>alert(1)</script>',
  '</title><script>alert(1)</script>',
  '</text></svg><script>alert(1)</script>',
  '</textarea><script>alert(1)</script>',
  '<!--<img src="--><img src=x onerror=alert(1)>">',
  '`><img src=x onerror=alert(1)>',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '&#60;script&#62;alert(1)&#60;/script&#62;',
  '<sCrIpT>alert(1)</sCrIpT>',
  '<scr\u0000ipt>alert(1)</script>',
  '\u003cimg src=x onerror=alert(1)\u003e',
  '<object data="data:text/html,<script>alert(1)</script>">',
  '<meta http-equiv="refresh" content="0;url=javascript:alert(1)">',
  '<base href="https://example.org/">',
  '<form action="https://example.org/"><button>x</button></form>',
  '<style>@import "https://example.org/x.css"</style>',
  '[x](javascript:alert(1)) ![y](https://example.org/y.png)',
  '${alert(1)} {{constructor.constructor("alert(1)")()}}',
  '\u202e<img src=x onerror=alert(1)>\ud800',
];

/** Puts a text in the place of every name and text of a value; enumerations stay what they are. */
function infest<Value>(value: Value, payload: string, key = ''): Value {
  const KEPT = ['status', 'kind', 'type', 'startedAt', 'finishedAt', 'renderedAt'];
  if (typeof value === 'string') return (KEPT.includes(key) ? value : payload) as Value;
  if (Array.isArray(value)) {
    return value.map((item: unknown) => infest(item, payload, key)) as Value;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, infest(item, payload, name)]),
  ) as Value;
}

/** The same input with hostile names of metrics, parameters and outputs as well. */
function infestReport(payload: string): ReportInput {
  const hostile = infest(CHURN_REPORT, payload);
  const [first, ...rest] = hostile.view.tasks;
  return {
    ...hostile,
    spec: CHURN_REPORT.spec,
    view: {
      ...hostile.view,
      parameters: { [payload]: payload },
      outputs: { [payload]: [payload, { [payload]: payload }] },
      warnings: [payload],
      error: { code: 'E_DATA', message: payload, hint: payload, where: payload, task: payload },
      tasks: [
        {
          ...first!,
          name: payload,
          status: 'skipped',
          reason: payload,
          outputs: {
            parameters: { passed: true, reason: payload },
            artifacts: {
              [payload]: [
                {
                  name: payload,
                  type: 'system.Metrics',
                  schemaVersion: '0.0.1',
                  uri: payload,
                  metadata: { [payload]: payload, test_accuracy: 0.5, threshold: 0.4 },
                },
              ],
              feature_importances: [
                {
                  name: payload,
                  type: 'system.Metrics',
                  schemaVersion: '0.0.1',
                  uri: payload,
                  metadata: { [payload]: 0.5 },
                },
              ],
            },
          },
        },
        ...rest,
      ],
    },
  };
}

describe("a run's report", () => {
  const page = renderReport(CHURN_REPORT);

  it('nests its elements, and asks for nothing from elsewhere', () => {
    const { tags, attributes, faults } = scanMarkup(page);

    expect(faults).toEqual([]);
    for (const tag of ['script', 'link', 'img', 'iframe', 'object', 'a', 'form']) {
      expect(tags).not.toContain(tag);
    }
    expect([...attributes].filter((name) => /^(on|href|src|style$|xlink)/i.test(name))).toEqual([]);
    expect(page).not.toMatch(/@import|url\((?!#)/);
  });

  it('allows its own style sheet and nothing else (R2)', () => {
    expect(page).toMatch(
      /http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; style-src &#39;sha256-[A-Za-z0-9+/=]{44}&#39;; base-uri &#39;none&#39;; form-action &#39;none&#39;"/,
    );
  });

  it.each(HOSTILE_NAMES)('stays markup of its own with %j everywhere (R1)', (payload) => {
    const clean = scanMarkup(page);

    const { tags, attributes, faults } = scanMarkup(renderReport(infestReport(payload)));

    const own = new Set([...clean.tags, 'pre', 'ul', 'li', 'h3']);
    expect(faults).toEqual([]);
    expect([...tags].filter((tag) => !own.has(tag))).toEqual([]);
    expect([...attributes].filter((name) => !clean.attributes.has(name))).toEqual([]);
  });

  it('is the same bytes for the same input', () => {
    expect(renderReport(CHURN_REPORT)).toBe(page);
  });

  it('draws every task of the spec, also of a branch that was not taken', () => {
    const [tasks, skipped] = [CHURN_RUN.tasks.slice(0, 4), CHURN_RUN.tasks[4]!];
    const view = {
      ...CHURN_RUN,
      tasks: [...tasks, { ...skipped, status: 'skipped' as const, reason: 'passed == false' }],
    };

    const refused = renderReport({ ...CHURN_REPORT, view });

    expect(refused).toContain('<title>deploy-condition/deploy-model: pending</title>');
    expect(refused).toContain('passed == false');
  });

  it('shows what went wrong first', () => {
    const view = {
      ...CHURN_RUN,
      status: 'failed' as const,
      error: { code: 'E_DATA' as const, message: 'No column "churn".', task: 'preprocess' },
    };

    const failed = renderReport({ ...CHURN_REPORT, view });

    expect(failed.indexOf('What went wrong')).toBeLessThan(failed.indexOf('id="graph"'));
    expect(failed).toContain('No column &quot;churn&quot;.');
  });

  it('is drawn for a run of which nothing is known but its state', () => {
    const bare = { ...CHURN_RUN, tasks: [], parameters: {}, digest: '', deployment: undefined };

    const { faults } = scanMarkup(
      renderReport({ ...CHURN_REPORT, view: bare, spec: undefined, executions: [] }),
    );

    expect(faults).toEqual([]);
  });

  it('names the commit that the pipeline was published from', () => {
    const source = { commit: '0123456789abcdef0123', dirty: false, path: 'train.yaml' };
    const view = { ...CHURN_REPORT.view, source };

    expect(renderReport({ ...CHURN_REPORT, view })).toContain('train.yaml at 0123456789ab<');
  });

  it('says each number that decided the gate', () => {
    expect(page).toContain('<b>0.934</b>');
    expect(page).toContain('<b>0.85</b>');
    expect(page).toContain('majority class 0.859');
    expect(page).toContain('95% confidence interval 0.9169 to 0.9478');
  });

  it('lists each rule of the gate with its verdict and numbers', () => {
    const view = { ...CHURN_RUN, tasks: [...CHURN_RUN.tasks, JUDGED] };

    const judged = renderReport({ ...CHURN_REPORT, view });

    expect(scanMarkup(judged).faults).toEqual([]);
    expect(judged).toContain('80 of 100 shared unseen rows right, the champion 90: worse.');
    expect(judged).toContain('held_out_rows 1000, overlap_rows 0');
    expect(judged).toContain('ada rejected it: too early');
  });

  it('traces the model back to the raw data by digests (L1)', () => {
    const lineage = page.slice(page.indexOf('id="lineage"'), page.indexOf('<details>'));

    expect(lineage).toContain('From preprocess');
    expect(lineage).toContain('From importer');
    expect(lineage).not.toContain('From evaluate');
  });
});
