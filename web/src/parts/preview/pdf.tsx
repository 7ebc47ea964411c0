// SPDX-License-Identifier: Apache-2.0
//
// A PDF, drawn page by page.  pdf.js reads it in a Worker; nothing that the
// file holds is run, and what it would fetch from elsewhere the page's policy
// forbids.
import type { PDFDocumentLoadingTask, PDFDocumentProxy, PDFPageProxy } from 'pdfjs-dist';
import { getDocument, GlobalWorkerOptions } from 'pdfjs-dist/legacy/build/pdf.mjs';
import workerAddress from 'pdfjs-dist/legacy/build/pdf.worker.mjs?worker&url';
import jpxAddress from 'pdfjs-dist/wasm/openjpeg_nowasm_fallback.js?url';
import { useEffect, useRef, useState } from 'preact/hooks';

import { say } from '../../words/words';
import { Waiting } from '../answered';

const ZOOMS = [0.5, 0.75, 1, 1.5, 2, 3];
const DOTS_MAX = 16 << 20; // of a canvas; some machines draw no larger one

GlobalWorkerOptions.workerSrc = workerAddress;

type Trouble = 'broken' | 'password';
/** All of a page, or a picture in it, cannot be drawn. */
type PageTrouble = 'broken' | 'blank';

function open(bytes: ArrayBuffer): PDFDocumentLoadingTask {
	return getDocument({
		data: bytes,
		isEvalSupported: false,
		useWasm: false,
		// It puts a name of its own behind; what is behind # no server sees.
		wasmUrl: `${new URL(jpxAddress, window.location.href).href}#/`,
		enableXfa: false,
		stopAtErrors: false,
		disableAutoFetch: true,
	});
}

function useDocument(file: Blob) {
	const [document, setDocument] = useState<PDFDocumentProxy>();
	const [trouble, setTrouble] = useState<Trouble>();

	useEffect(() => {
		let task: PDFDocumentLoadingTask | undefined;
		let isLeft = false;

		file
			.arrayBuffer()
			.then((bytes) => {
				task = open(bytes);
				return task.promise;
			})
			.then(
				(opened) => isLeft || setDocument(opened),
				(thrown: unknown) =>
					isLeft || setTrouble(Object(thrown).name === 'PasswordException' ? 'password' : 'broken'),
			);
		return () => {
			isLeft = true;
			void task?.destroy();
		};
	}, [file]);
	return { document, trouble };
}

/** A picture that could not be decoded is left blank, and null among the page's things. */
function hasBlanks(page: PDFPageProxy): boolean {
	return [page.objs, page.commonObjs].some((things) =>
		[...(things as Iterable<[string, unknown]>)].some(([, thing]) => thing === null),
	);
}

/** Draws a page as wide as there is room, and returns what ends that. */
function draw(page: PDFPageProxy, canvas: HTMLCanvasElement, zoom: number, onTrouble: (what: PageTrouble) => void): () => void {
	const plain = page.getViewport({ scale: 1 });
	const room = canvas.parentElement!.clientWidth;
	const wanted = (Math.max(200, room) / plain.width) * zoom;
	const dense = Math.min(window.devicePixelRatio || 1, 2);
	const most = Math.sqrt(DOTS_MAX / (plain.width * plain.height));
	const viewport = page.getViewport({ scale: Math.min(wanted * dense, most) });

	canvas.width = Math.ceil(viewport.width);
	canvas.height = Math.ceil(viewport.height);
	canvas.style.width = `${Math.floor(plain.width * wanted)}px`;
	const task = page.render({ canvas, viewport });

	task.promise.then(
		() => hasBlanks(page) && onTrouble('blank'),
		(thrown: unknown) => Object(thrown).name !== 'RenderingCancelledException' && onTrouble('broken'),
	);
	return () => task.cancel();
}

async function textOf(page: PDFPageProxy): Promise<string> {
	const { items } = await page.getTextContent();

	return items.map((item) => ('str' in item ? item.str + (item.hasEOL ? '\n' : '') : '')).join('').trim();
}

function Page({ document, number, zoom, name }: {
	document: PDFDocumentProxy;
	number: number;
	zoom: number;
	name: string;
}) {
	const canvas = useRef<HTMLCanvasElement>(null);
	const [trouble, setTrouble] = useState<PageTrouble>();
	const [text, setText] = useState('');

	useEffect(() => {
		let stop = () => {};
		let isLeft = false;

		setTrouble(undefined);
		setText('');
		document.getPage(number).then(
			async (page) => {
				if (!isLeft && canvas.current) {
					stop = draw(page, canvas.current, zoom, (what) => isLeft || setTrouble(what));
					const found = await textOf(page).catch(() => '');

					return isLeft || setText(found);
				}
				return undefined;
			},
			() => isLeft || setTrouble('broken'),
		);
		return () => {
			isLeft = true;
			stop();
		};
	}, [document, number, zoom]);
	return (
		<>
			{trouble && <p class="note note-bad">{say(trouble === 'blank' ? 'preview.blank' : 'preview.page-broken')}</p>}
			<div class="preview-page" tabIndex={0} role="group" aria-label={say('preview.page-area')}>
				<canvas
					ref={canvas}
					role="img"
					aria-label={say('preview.page-of', { page: number, pages: document.numPages, name })}
				/>
			</div>
			{text !== '' && (
				<details>
					<summary>{say('preview.words')}</summary>
					<pre class="preview-text">{text}</pre>
				</details>
			)}
		</>
	);
}

export default function Pdf({ file, name }: { file: Blob; name: string }) {
	const { document, trouble } = useDocument(file);
	const [number, setNumber] = useState(1);
	const [step, setStep] = useState(2);

	if (trouble) {
		return <p class="note note-bad">{say(trouble === 'password' ? 'preview.password' : 'preview.broken')}</p>;
	}
	if (!document) {
		return <Waiting />;
	}
	return (
		<>
			<div class="preview-tools" role="toolbar" aria-label={say('preview.tools')}>
				<button type="button" disabled={number <= 1} onClick={() => setNumber(number - 1)}>
					{say('preview.before')}
				</button>
				<span role="status">{say('preview.page', { page: number, pages: document.numPages })}</span>
				<button type="button" disabled={number >= document.numPages} onClick={() => setNumber(number + 1)}>
					{say('preview.next')}
				</button>
				<button type="button" disabled={step <= 0} onClick={() => setStep(step - 1)}>
					{say('preview.smaller')}
				</button>
				<button type="button" disabled={step >= ZOOMS.length - 1} onClick={() => setStep(step + 1)}>
					{say('preview.larger')}
				</button>
			</div>
			<Page document={document} number={number} zoom={ZOOMS[step]!} name={name} />
		</>
	);
}
