// SPDX-License-Identifier: Apache-2.0
//
// By what law the server judges: its tables, their files and the sums of
// those, to be compared with the files that the office has.
import type { RuleFiles } from '../../api/types';
import { Answered } from '../../parts/answered';
import { Title } from '../../parts/title';
import { useAnswer } from '../../parts/use-answer';
import { query } from '../../shell/address';
import { formatDay, formatDays, formatSize } from '../../words/format';
import { say, sayCode, spoken } from '../../words/words';
import { AdminMenu } from '../admin/menu';

interface Row {
	id?: string;
	code?: string;
	act?: string;
	award?: string;
	name?: string;
	english?: string;
	title?: string;
	from?: string;
	to?: string;
	source?: string;
}

function Table({ name }: { name: string }) {
	const answer = useAnswer<{ rows: Row[] }>(`/rules/${encodeURIComponent(name)}`);

	return (
		<>
			<p>
				<a href="/quan-tri/phap-ly">{say('law.back')}</a>
			</p>
			<h2>{sayCode('table', name)}</h2>
			<Answered answer={answer}>
				{({ rows }) => (
					<table class="rows">
						<thead>
							<tr>
								<th scope="col">{say('law.code')}</th>
								<th scope="col">{say('law.name')}</th>
								<th scope="col">{say('law.days')}</th>
								<th scope="col">{say('law.source')}</th>
							</tr>
						</thead>
						<tbody>
							{rows.map((row, i) => (
								<tr key={i}>
									<td data-label={say('law.code')}>
										<code>{row.code ?? row.id ?? row.act ?? row.award}</code>
									</td>
									<td data-label={say('law.name')}>
										{spoken(row.name ?? row.title ?? '', row.english)}
									</td>
									<td data-label={say('law.days')}>
										{row.from || row.to ? formatDays(row) : say('law.always')}
									</td>
									<td data-label={say('law.source')}>{row.source ?? ''}</td>
								</tr>
							))}
						</tbody>
					</table>
				)}
			</Answered>
		</>
	);
}

function Tables({ tables }: { tables: RuleFiles['tables'] }) {
	return (
		<table class="rows">
			<thead>
				<tr>
					<th scope="col">{say('law.table')}</th>
					<th scope="col">{say('law.rows')}</th>
					<th scope="col">{say('law.changes')}</th>
					<th scope="col">{say('law.file')}</th>
				</tr>
			</thead>
			<tbody>
				{tables.map((table) => (
					<tr key={table.table}>
						<td data-label={say('law.table')}>
							<a href={`/quan-tri/phap-ly?table=${table.table}`}>{sayCode('table', table.table)}</a>
						</td>
						<td data-label={say('law.rows')}>{table.rows}</td>
						<td data-label={say('law.changes')}>
							{table.days.map(formatDay).join(', ') || say('law.always')}
						</td>
						<td data-label={say('law.file')}>
							<code>{table.file}</code>
						</td>
					</tr>
				))}
			</tbody>
		</table>
	);
}

function Files({ files }: { files: RuleFiles['files'] }) {
	return (
		<>
			<h2>{say('law.files')}</h2>
			<p class="hint">{say('law.files.what')}</p>
			<table class="rows">
				<thead>
					<tr>
						<th scope="col">{say('law.file')}</th>
						<th scope="col">{say('law.name')}</th>
						<th scope="col">{say('law.sum')}</th>
						<th scope="col">{say('law.size')}</th>
					</tr>
				</thead>
				<tbody>
					{files.map((file) => (
						<tr key={`${file.file} ${file.local}`}>
							<td data-label={say('law.file')}>
								<code>{file.file}</code>
								{file.local && <span class="badge badge-open">{say('law.local')}</span>}
							</td>
							<td data-label={say('law.name')}>{file.title ?? ''}</td>
							<td data-label={say('law.sum')}>
								<code class="sum">{file.sha256}</code>
							</td>
							<td class="brief" data-label={say('law.size')}>{formatSize(file.size)}</td>
						</tr>
					))}
				</tbody>
			</table>
		</>
	);
}

export default function Law() {
	const table = query('table');
	const answer = useAnswer<RuleFiles>(table === '' ? '/rules' : null);

	return (
		<>
			<AdminMenu />
			<Title text={say('law.title')} />
			{table !== '' ? (
				<Table name={table} />
			) : (
				<Answered answer={answer}>
					{({ tables, files }) => (
						<>
							<p>{say('law.start')}</p>
							<Tables tables={tables} />
							<Files files={files} />
						</>
					)}
				</Answered>
			)}
		</>
	);
}
