// SPDX-License-Identifier: Apache-2.0
import { useRef, useState } from 'preact/hooks';

import { addressOf } from '../../api/client';
import { nameOf } from '../../api/laws';
import type { Attachment, Dossier, Examined, Missing } from '../../api/types';
import { Answered } from '../../parts/answered';
import { Preview } from '../../parts/preview/preview';
import { ProblemBox } from '../../parts/problem';
import { type Answer, useAnswer } from '../../parts/use-answer';
import { formatSize } from '../../words/format';
import { say } from '../../words/words';
import { Verdict } from './verdict';

function FileRow({ code, file, path, examined }: {
	code: string;
	file: Attachment;
	path: string;
	examined: Examined | undefined;
}) {
	const [isShown, setShown] = useState(false);
	const button = useRef<HTMLButtonElement>(null);
	const of = { path: `${path}/files/${file.sha256}`, name: file.name, size: file.size };

	return (
		<li class="file">
			<p class="file-component">{nameOf('components', code)}</p>
			<p>
				<a href={addressOf(`${path}/files/${file.sha256}`)} download>
					{file.name}
				</a>{' '}
				<span class="hint">{formatSize(file.size)}</span>{' '}
				<button
					type="button"
					class="small"
					ref={button}
					aria-expanded={isShown}
					onClick={() => setShown(!isShown)}
				>
					{say('preview.show')}
				</button>
			</p>
			{isShown && (
				<Preview
					of={of}
					onClose={() => {
						setShown(false);
						button.current?.focus();
					}}
				/>
			)}
			{examined && <Verdict examined={examined} />}
		</li>
	);
}

function MissingList({ path }: { path: string }) {
	const answer = useAnswer<{ missing: Missing[] }>(`${path}/missing`);

	return (
		<Answered answer={answer}>
			{({ missing }) =>
				missing.length === 0 ? (
					<p class="note note-good">{say('components.whole')}</p>
				) : (
					<div class="note note-bad">
						<h3>{say('components.missing', { count: missing.length })}</h3>
						<ul>
							{missing.map((row, i) => (
								<li key={i}>
									{row.name}
									{row.source && (
										<span class="hint"> {say('components.source', { source: row.source })}</span>
									)}
								</li>
							))}
						</ul>
					</div>
				)
			}
		</Answered>
	);
}

/** What is in the dossier, with what its signatures say, and what is missing. */
export function Components({ dossier, path, examined }: {
	dossier: Dossier;
	path: string;
	examined: Answer<{ files: Examined[] }>;
}) {
	const files = new Map(examined.value?.files.map((file) => [file.sha256, file]));

	return (
		<section>
			<h2>{say('components')}</h2>
			<MissingList path={path} />
			{examined.problem && <ProblemBox problem={examined.problem} again={examined.again} />}
			<ul class="plain">
				{dossier.components?.map(({ code, attachment }, i) => (
					<FileRow
						key={i}
						code={code}
						file={attachment}
						path={path}
						examined={files.get(attachment.sha256)}
					/>
				))}
			</ul>
		</section>
	);
}
