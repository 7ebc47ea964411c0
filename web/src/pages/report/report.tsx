// SPDX-License-Identifier: Apache-2.0
//
// A report is chosen, looked at, and taken away in a format.  What there is
// and what it asks for the plugins say themselves; all that is asked stands in
// the address.
import './report.css';

import { useState } from 'preact/hooks';

import { getFile, type Problem, withQuery } from '../../api/client';
import { mayEver, session } from '../../api/session';
import { Answered } from '../../parts/answered';
import { DayField } from '../../parts/day';
import { Choice, Form, TextField, Tick } from '../../parts/form';
import { grantsLink } from '../../parts/grants-link';
import { lastYear, PeriodChoice } from '../../parts/period-choice';
import { ProblemBox } from '../../parts/problem';
import { Title } from '../../parts/title';
import { UnitChoice } from '../../parts/unit-choice';
import { problemOf, useAnswer } from '../../parts/use-answer';
import { address, query, setQuery } from '../../shell/address';
import { say, spoken } from '../../words/words';
import type { Document } from './blocks';
import { Paper, ROWS_SHOWN } from './document';
import { type Format, formatsOf, type Parameter, type PluginList, type Report, reportsOf } from './plugins';

const PREFIX = 'x.'; // of a report's own parameters, in the address

/** What the address says of a report. */
function asked(): Record<string, string> {
	const words: Record<string, string> = {};

	for (const [name, value] of address.value.searchParams) {
		words[name] = value;
	}
	return words;
}

/** The same as the server is asked; without `rows` the whole of it. */
function pathOf(words: Record<string, string>, format: string, rows = ''): string {
	const own = Object.entries(words).filter(([name]) => name.startsWith(PREFIX));

	return withQuery(`/reports/${encodeURIComponent(words['report'] ?? '')}`, {
		unit: words['unit'],
		from: words['from'],
		to: words['to'],
		language: words['language'],
		...Object.fromEntries(own.map(([name, value]) => [name.slice(PREFIX.length), value])),
		format,
		rows,
	});
}

/** One parameter that the report declares, by its type. */
function Own({ parameter, value, onSet }: {
	parameter: Parameter;
	value: string;
	onSet: (value: string) => void;
}) {
	const label = spoken(parameter.help || parameter.name, parameter.english);
	const isRequired = parameter.preset === undefined;

	switch (parameter.type) {
		case 'bool':
			return (
				<Tick
					label={label}
					name={parameter.name}
					isOn={(value || parameter.preset) === 'true'}
					onSet={(isOn) => onSet(String(isOn))}
				/>
			);
		case 'date':
			return (
				<DayField
					label={label}
					name={parameter.name}
					value={value}
					isRequired={isRequired}
					onPick={onSet}
				/>
			);
		case 'unit':
			return (
				<UnitChoice
					label={label}
					name={parameter.name}
					value={value}
					isRequired={isRequired}
					onPick={onSet}
				/>
			);
		default:
			return (
				<TextField
					label={label}
					name={parameter.name}
					value={value || (parameter.preset ?? '')}
					isRequired={isRequired}
					inputMode={parameter.type === 'integer' ? 'numeric' : 'text'}
					onType={onSet}
				/>
			);
	}
}

/** Where the form begins: at the reader's own unit and the year that ended. */
function beginning(reports: Report[]): Record<string, string> {
	const unit = session.value?.roles.find((role) => role.unit)?.unit;

	return { report: reports[0]?.name ?? '', unit: unit ?? '', ...lastYear(), ...asked() };
}

function Question({ reports, onAsk }: { reports: Report[]; onAsk: (words: Record<string, string>) => void }) {
	const [words, setWords] = useState(() => beginning(reports));
	const chosen = reports.find((report) => report.name === words['report']);
	const set = (changes: Record<string, string>) => setWords({ ...words, ...changes });

	function choose(report: string) {
		const kept = Object.entries(words).filter(([name]) => !name.startsWith(PREFIX));

		setWords({ ...Object.fromEntries(kept), report });
	}

	return (
		<Form label={say('report.title')} doing={say('report.show')} onSend={() => onAsk(words)}>
			<Choice
				label={say('report.which')}
				name="report"
				value={words['report'] ?? ''}
				isRequired
				options={reports.map((report) => ({ value: report.name, text: spoken(report.title, report.english) }))}
				onPick={choose}
			/>
			<UnitChoice
				label={say('report.unit')}
				name="unit"
				value={words['unit'] ?? ''}
				isRequired
				{...(words['to'] ? { day: words['to'] } : {})}
				onPick={(unit) => set({ unit })}
			/>
			<div class="filters">
				<PeriodChoice period={{ from: words['from'] ?? '', to: words['to'] ?? '' }} onPick={(period) => set({ ...period })} />
				<Choice
					label={say('report.language')}
					name="language"
					value={words['language'] || 'vi'}
					options={[
						{ value: 'vi', text: say('language.vi') },
						{ value: 'en', text: say('language.en') },
					]}
					onPick={(language) => set({ language })}
				/>
			</div>
			{chosen && chosen.parameters.length > 0 && (
				<details class="own" open={Object.keys(words).some((name) => name.startsWith(PREFIX))}>
					<summary>{say('report.own')}</summary>
					{chosen.parameters.map((parameter) => (
						<Own
							key={parameter.name}
							parameter={parameter}
							value={words[PREFIX + parameter.name] ?? ''}
							onSet={(value) => set({ [PREFIX + parameter.name]: value })}
						/>
					))}
				</details>
			)}
		</Form>
	);
}

/** A file is fetched by the page, so that a refusal can be told in words. */
function Downloads({ formats, words }: { formats: Format[]; words: Record<string, string> }) {
	const [busy, setBusy] = useState('');
	const [problem, setProblem] = useState<Problem>();

	async function fetchFile(format: Format) {
		setBusy(format.name);
		setProblem(undefined);
		try {
			const file = await getFile(pathOf(words, format.name));
			const link = document.createElement('a');

			link.href = URL.createObjectURL(file);
			link.download = `${words['report']}-${words['unit']}.${format.extension}`;
			link.click();
			setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
		} catch (thrown) {
			setProblem(problemOf(thrown));
		}
		setBusy('');
	}

	return (
		<>
			<p class="presses">
				{formats.map((format) => (
					<button
						key={format.name}
						type="button"
						disabled={busy !== ''}
						data-format={format.name}
						onClick={() => void fetchFile(format)}
					>
						{busy === format.name ? say('form.busy') : say('report.download', { format: spoken(format.title, format.english) })}
					</button>
				))}
				<button type="button" onClick={() => window.print()}>
					{say('report.print')}
				</button>
			</p>
			{problem && <ProblemBox problem={problem} />}
		</>
	);
}

function Preview({ formats, words }: { formats: Format[]; words: Record<string, string> }) {
	// One row more than is shown tells that there are more.
	const answer = useAnswer<Document>(pathOf(words, 'json', String(ROWS_SHOWN + 1)));
	const around = { unit: words['unit'] ?? '', from: words['from'] ?? '', to: words['to'] ?? '' };

	return (
		<section aria-label={say('report.preview')} aria-busy={answer.isWaiting}>
			<h2>{say('report.preview')}</h2>
			<Answered answer={answer}>
				{({ blocks }) => (
					<>
						<Downloads formats={formats} words={words} />
						<p class="hint">
							{mayEver('grant.read') && (
								<>
									{say('report.hint')} <a href={grantsLink(around)}>{say('report.all')}</a>
								</>
							)}
							{mayEver('figure.read') && (
								<>
									{' '}
									<a href={withQuery('/so-lieu', around)}>{say('report.figures')}</a>
								</>
							)}
						</p>
						<Paper blocks={blocks} around={around} />
					</>
				)}
			</Answered>
		</section>
	);
}

/** What is installed and may not be used, with the reason. */
function Refused({ list }: { list: PluginList }) {
	return list.refused.length === 0 ? null : (
		<div class="note note-bad">
			<p>{say('report.refused')}</p>
			<ul>
				{list.refused.map(({ file, reason }) => (
					<li key={file}>{`${file.split('/').at(-1)}: ${reason}`}</li>
				))}
			</ul>
		</div>
	);
}

export default function ReportPage() {
	const plugins = useAnswer<PluginList>('/plugins');
	const words = asked();
	const isAsked = Boolean(words['report'] && words['unit']);

	function ask(changed: Record<string, string>) {
		const gone = Object.keys(words).filter((name) => !(name in changed));

		setQuery({ ...Object.fromEntries(gone.map((name) => [name, ''])), ...changed });
	}

	return (
		<>
			<Title text={say('report.title')} />
			<Answered answer={plugins}>
				{(list) => (
					<>
						<Refused list={list} />
						{reportsOf(list).length === 0 ? (
							<p>{say('report.none')}</p>
						) : (
							<Question key={query('report')} reports={reportsOf(list)} onAsk={ask} />
						)}
						{isAsked && (
							<Preview key={pathOf(words, 'json')} formats={formatsOf(list)} words={words} />
						)}
					</>
				)}
			</Answered>
		</>
	);
}
