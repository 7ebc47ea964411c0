// SPDX-License-Identifier: Apache-2.0
//
// A file beside its row.  Whatever is in it comes from strangers: a PDF is
// drawn, an image decoded, text is text, and all else is only downloaded.
import './preview.css';

import type { ComponentType } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

import { addressOf, getFile, type Problem } from '../../api/client';
import { formatSize } from '../../words/format';
import { say } from '../../words/words';
import { Waiting } from '../answered';
import { ProblemBox } from '../problem';
import { problemOf } from '../use-answer';
import { lookAt, type Shown } from './kind';

const LONGEST = 128 << 20; // bytes; more would crowd an old machine's memory

export interface Previewed {
	/** Of the API: "/dossiers/…/files/…". */
	path: string;
	name: string;
	size: number;
}

interface Loaded {
	file: Blob;
	/** null: nothing that can be shown. */
	shown: Shown | null;
	/** What draws a PDF, fetched with the first one. */
	Pdf?: ComponentType<{ file: Blob; name: string }>;
}

async function load({ path, name }: Previewed): Promise<Loaded> {
	const file = await getFile(path);
	const shown = await lookAt(file, name);

	return shown?.kind === 'pdf' ? { file, shown, Pdf: (await import('./pdf')).default } : { file, shown };
}

function Image({ file, type, name }: { file: Blob; type: string; name: string }) {
	const [address, setAddress] = useState('');
	const [isBroken, setBroken] = useState(false);

	useEffect(() => {
		const made = URL.createObjectURL(new Blob([file], { type }));

		setAddress(made);
		return () => URL.revokeObjectURL(made);
	}, [file, type]);
	if (isBroken) {
		return <p class="note note-bad">{say('preview.broken')}</p>;
	}
	return address === '' ? null : (
		<img class="preview-image" src={address} alt={name} onError={() => setBroken(true)} />
	);
}

function Content({ loaded, name }: { loaded: Loaded; name: string }) {
	const { file, shown, Pdf } = loaded;

	if (shown === null) {
		return <p class="note">{say('preview.other')}</p>;
	}
	if (shown.kind === 'image') {
		return <Image file={file} type={shown.type} name={name} />;
	}
	if (shown.kind === 'text') {
		return (
			<pre class="preview-text" tabIndex={0}>
				{shown.text}
			</pre>
		);
	}
	return Pdf ? <Pdf file={file} name={name} /> : null;
}

function Body({ of }: { of: Previewed }) {
	const [loaded, setLoaded] = useState<Loaded>();
	const [problem, setProblem] = useState<Problem>();

	useEffect(() => {
		let isLeft = false;

		load(of).then(
			(got) => isLeft || setLoaded(got),
			(thrown: unknown) => isLeft || setProblem(problemOf(thrown)),
		);
		return () => {
			isLeft = true;
		};
	}, [of.path]);
	if (problem) {
		return <ProblemBox problem={problem} />;
	}
	return loaded ? <Content loaded={loaded} name={of.name} /> : <Waiting />;
}

/** The file itself, until it is shut by the button or by Escape. */
export function Preview({ of, onClose }: { of: Previewed; onClose: () => void }) {
	const heading = useRef<HTMLHeadingElement>(null);
	const isLarge = of.size > LONGEST;

	useEffect(() => heading.current?.focus({ preventScroll: true }), []);
	return (
		<section
			class="preview"
			aria-label={say('preview.of', { name: of.name })}
			onKeyDown={(event) => {
				if (event.key === 'Escape') {
					onClose();
				}
			}}
		>
			<header class="preview-head">
				<h3 ref={heading} tabIndex={-1}>
					{of.name}
				</h3>
				<a href={addressOf(of.path)} download>
					{say('preview.download', { size: formatSize(of.size) })}
				</a>
				<button type="button" onClick={onClose}>
					{say('preview.close')}
				</button>
			</header>
			{isLarge && <p class="note">{say('preview.large')}</p>}
			{!isLarge && <Body of={of} />}
		</section>
	);
}
