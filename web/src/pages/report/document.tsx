// SPDX-License-Identifier: Apache-2.0
//
// A report as it will stand on paper.  What paper cannot do: each number that
// says what it counts leads there.
import type { ComponentChildren } from 'preact';

import { type Counted, grantsLink } from '../../parts/grants-link';
import { formatNumber, formatOnPaper } from '../../words/format';
import { sayOnPaper } from '../../words/paper';
import { language, say } from '../../words/words';
import {
	type Block, type Column, type Figure, type Letterhead, notesOf, type Part, partsOf, type Row, type Run,
	type Signature,
} from './blocks';

/** Of a table; the rest is in the file that is downloaded. */
export const ROWS_SHOWN = 100;

/** "ngày 09 tháng 3 năm 2023"; what is open stays open, to be filled in by hand. */
function dateLine(date: string): string {
	const [year, month, day] = date.split('-');

	return sayOnPaper('date', {
		day: day ?? '…',
		month: month ? (Number(month) < 3 ? month : String(Number(month))) : '…',
		year: year!,
	});
}

function Lines({ text }: { text: string }) {
	return (
		<>
			{text.split('\n').map((line, i) => (
				<span key={i} class="line">
					{line}
				</span>
			))}
		</>
	);
}

function Counting({ around, counted, children }: {
	around: Counted;
	counted: Counted | undefined;
	children: ComponentChildren;
}) {
	const href = counted ? grantsLink(around, counted) : '';

	return href !== '' ? (
		<a class="counted" href={href} title={say('report.follow')}>
			{children}
		</a>
	) : (
		<>{children}</>
	);
}

function Runs({ runs, around }: { runs: Run[] | undefined; around: Counted }) {
	return (
		<>
			{(runs ?? []).map((run, i) => {
				if (run.footnote) {
					return (
						<sup key={i} id={`note-mark-${run.footnote}`}>
							<a href={`#note-${run.footnote}`} aria-label={say('report.note', { number: run.footnote })}>
								{run.footnote}
							</a>
						</sup>
					);
				}
				const text = (
					<Counting around={around} counted={run.counted}>
						{run.text}
					</Counting>
				);
				const leant = run.italic ? <i>{text}</i> : text;
				return <span key={i}>{run.bold ? <b>{leant}</b> : leant}</span>;
			})}
		</>
	);
}

function Head({ head }: { head: Letterhead }) {
	return (
		<div class="letterhead">
			<div>
				{head.superior && <p><Lines text={head.superior} /></p>}
				<p class="issuer"><Lines text={head.issuer} /></p>
				{head.reference && <p>{sayOnPaper('number', { reference: head.reference })}</p>}
			</div>
			<div>
				<p class="state"><b>{sayOnPaper('state')}</b></p>
				<p class="issuer">{sayOnPaper('motto')}</p>
				{head.date && (
					<p>
						<i>
							{head.place && `${head.place}, `}
							{dateLine(head.date)}
						</i>
					</p>
				)}
			</div>
		</div>
	);
}

function Foot({ signature }: { signature: Signature }) {
	const last = signature.recipients.length - 1;

	return (
		<div class="signature">
			<div class="recipients">
				{last >= 0 && <p><b><i>{sayOnPaper('recipients')}</i></b></p>}
				{signature.recipients.map((name, i) => (
					<p key={i}>{`- ${name}${i < last ? ';' : '.'}`}</p>
				))}
			</div>
			<div>
				<p><b><Lines text={signature.authority} /></b></p>
				<p class="signer"><b>{signature.name}</b></p>
			</div>
		</div>
	);
}

function Cells({ row, columns, around }: { row: Row; columns: Column[]; around: Counted }) {
	let at = 0;

	return (
		<tr class={row.kind === 'total' ? 'total' : undefined}>
			{row.cells.map((cell, i) => {
				const column = columns[at];
				const span = cell.span ?? 1;
				const side = span > 1 ? 'left' : (column?.align ?? 'left');

				at += span;
				return row.kind === 'head' ? (
					<th key={i} colSpan={span} scope={span === columns.length ? 'rowgroup' : 'col'} class={side}>
						{cell.text}
					</th>
				) : (
					<td key={i} colSpan={span} class={side}>
						<Counting around={around} counted={cell.counted}>
							{cell.text}
						</Counting>
					</td>
				);
			})}
		</tr>
	);
}

function Table({ part, around }: { part: Part & { kind: 'table' }; around: Counted }) {
	const rows = part.rows.filter((row, i) => i < ROWS_SHOWN || row.kind === 'total');

	return (
		<div class="wide" tabIndex={0} role="region" aria-label={part.caption || say('report.table')}>
			{rows.length < part.rows.length && (
				<p class="note" lang={language.value}>
					{say('report.cut', { count: formatNumber(ROWS_SHOWN) })}
				</p>
			)}
			<table>
				{part.caption && <caption>{part.caption}</caption>}
				<colgroup>
					{part.columns.map((column, i) => (
						<col key={i} width={`${column.width / 10}%`} />
					))}
				</colgroup>
				<thead>
					<tr>
						{part.columns.map((column, i) => (
							<th key={i} scope="col">{column.title}</th>
						))}
					</tr>
				</thead>
				<tbody>
					{rows.map((row, i) => (
						<Cells key={i} row={row} columns={part.columns} around={around} />
					))}
				</tbody>
			</table>
		</div>
	);
}

/** "62,08%", "05". */
function inWords(value: number | undefined, figure: Figure): string {
	return value === undefined
		? ''
		: `${formatOnPaper(value, figure.scale)}${figure.unit === '%' ? '%' : figure.unit ? ` ${figure.unit}` : ''}`;
}

/** What was computed stands beside what a document said of itself. */
function Figures({ figures, around }: { figures: Figure[]; around: Counted }) {
	return (
		<div class="wide" tabIndex={0} role="region" aria-label={say('report.compared')}>
			<table class="figures">
				<thead>
					<tr>
						<th scope="col">{sayOnPaper('figure')}</th>
						<th scope="col">{sayOnPaper('computed')}</th>
						<th scope="col">{sayOnPaper('reported')}</th>
						<th scope="col">{sayOnPaper('difference')}</th>
						<th scope="col">{sayOnPaper('source')}</th>
					</tr>
				</thead>
				<tbody>
					{figures.map((figure, i) => (
						<tr key={i}>
							<th scope="row" class="left">{figure.label}</th>
							<td class="right">
								<Counting around={around} counted={figure.counted}>
									{inWords(figure.computed, figure)}
								</Counting>
							</td>
							<td class="right">
								{figure.words ? `“${figure.words}”` : inWords(figure.reported, figure)}
							</td>
							<td class={figure.difference ? 'right differs' : 'right'}>
								{figure.difference !== undefined && figure.difference > 0 && '+'}
								{inWords(figure.difference, figure)}
							</td>
							<td class="left">
								{figure.source}
								{figure.quote && <q>{figure.quote}</q>}
							</td>
						</tr>
					))}
				</tbody>
			</table>
		</div>
	);
}

function Single({ block, around }: { block: Block; around: Counted }) {
	switch (block.block) {
		case 'letterhead':
			return <Head head={block} />;
		case 'signature':
			return <Foot signature={block} />;
		case 'title':
			return (
				<div class="document-title">
					<p class="document-kind">{block.runs?.[0]?.text}</p>
					<p>{block.runs?.[1]?.text}</p>
				</div>
			);
		case 'addressee':
			return (
				<p class="addressee">
					{sayOnPaper('addressee')} <Runs runs={block.runs} around={around} />
				</p>
			);
		case 'heading':
			return (
				<p class={`level-${block.level}`} role="heading" aria-level={block.level + 2}>
					<Runs runs={block.runs} around={around} />
				</p>
			);
		case 'page_break':
			return <hr />;
		default:
			// A kind that this page does not know has its text in runs.
			return (
				<p>
					<Runs runs={'runs' in block ? block.runs : []} around={around} />
				</p>
			);
	}
}

function Piece({ part, around }: { part: Part; around: Counted }) {
	switch (part.kind) {
		case 'items':
			return (
				<ul class="items">
					{part.items.map((item, i) => (
						<li key={i} class={`level-${item.level}`}>
							<Runs runs={item.runs} around={around} />
						</li>
					))}
				</ul>
			);
		case 'figures':
			return <Figures figures={part.figures} around={around} />;
		case 'table':
			return <Table part={part} around={around} />;
		default:
			return <Single block={part.block} around={around} />;
	}
}

/** `around` is what the report is of: its numbers count within it. */
export function Paper({ blocks, around }: { blocks: Block[]; around: Counted }) {
	const notes = notesOf(blocks);

	return (
		<article class="paper" lang="vi">
			{partsOf(blocks).map((part, i) => (
				<Piece key={i} part={part} around={around} />
			))}
			{notes.length > 0 && (
				<ol class="notes">
					{notes.map(({ number, text }) => (
						<li key={number} id={`note-${number}`} value={number}>
							{text}{' '}
							<a href={`#note-mark-${number}`} aria-label={say('report.note.back', { number })}>
								↑
							</a>
						</li>
					))}
				</ol>
			)}
		</article>
	);
}
