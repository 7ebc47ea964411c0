// SPDX-License-Identifier: Apache-2.0
//
// The ASiCManifest of a container: which files are signed, with their digests
// (EN 319 162-1, A.4; archive/manifest.c).
import { type Bytes, decodeBase64, decodeText } from './bytes';
import { Broken } from './findings';
import { readXml, type XmlElement } from './xml';

const ASIC = 'http://uri.etsi.org/02918/v1.2.1#';
const DSIG = 'http://www.w3.org/2000/09/xmldsig#';
const HOSO = 'urn:hoso:container:1';
const REFERENCES_MAX = 65536;

/** Algorithms of a digest, and the bytes that it has. */
const digests: Record<string, { name: string; bytes: number }> = {
	'http://www.w3.org/2001/04/xmlenc#sha256': { name: 'SHA-256', bytes: 32 },
	'http://www.w3.org/2001/04/xmldsig-more#sha384': { name: 'SHA-384', bytes: 48 },
	'http://www.w3.org/2001/04/xmlenc#sha512': { name: 'SHA-512', bytes: 64 },
	'http://www.w3.org/2007/05/xmldsig-more#sha3-256': { name: 'SHA3-256', bytes: 32 },
	'http://www.w3.org/2007/05/xmldsig-more#sha3-384': { name: 'SHA3-384', bytes: 48 },
	'http://www.w3.org/2007/05/xmldsig-more#sha3-512': { name: 'SHA3-512', bytes: 64 },
	'http://www.w3.org/2001/04/xmldsig-more#sha224': { name: 'SHA-224', bytes: 28 },
	'http://www.w3.org/2000/09/xmldsig#sha1': { name: 'SHA-1', bytes: 20 },
};

export interface Reference {
	name: string;
	/** As it stands there: some do not encode theirs. */
	uri: string;
	algorithm: string;
	digest: Bytes;
}

export interface Manifest {
	signature: string;
	references: Reference[];
	/** The signature is to carry a time-stamp. */
	isStamped: boolean;
}

/** The name of a file inside that a reference stands for. */
function nameOf(uri: string | undefined): string {
	if (uri === undefined || uri === '' || /^\/|^[^/]*:|[?#]/.test(uri)) {
		throw new Broken('manifest.reference', uri ?? '');
	}
	const bytes: number[] = [];
	const raw = new TextEncoder().encode(uri);

	for (let i = 0; i < raw.length; i++) {
		const hex = /^%([0-9a-fA-F]{2})$/.exec(String.fromCharCode(...raw.subarray(i, i + 3)));
		const byte = hex === null ? raw[i]! : parseInt(hex[1]!, 16);

		if (hex !== null) {
			i += 2;
			if (byte < 0x20) {
				throw new Broken('manifest.reference', uri);
			}
		}
		bytes.push(byte);
	}
	const name = decodeText(new Uint8Array(bytes));

	if (name === null || name.startsWith('/') || name.split('/').includes('..')) {
		throw new Broken('manifest.reference', uri);
	}
	return name;
}

function is(element: XmlElement | undefined, space: string, local: string): element is XmlElement {
	return element !== undefined && element.space === space && element.local === local;
}

/** True where an extension says that the signature is time-stamped. */
function readExtensions(list: XmlElement): boolean {
	let isStamped = false;

	for (const element of list.elements) {
		const critical = element.attributes.get('Critical');

		if (critical !== undefined && critical !== 'false' && critical !== '0') {
			throw new Broken('manifest.critical');
		}
		isStamped = is(element, HOSO, 'SignatureTimeStamp') || readExtensions(element) || isStamped;
	}
	return isStamped;
}

function readReference(element: XmlElement): Reference {
	const uri = element.attributes.get('URI');
	const name = nameOf(uri);
	const [method, value, extensions, ...more] = element.elements;
	const kind = is(method, DSIG, 'DigestMethod')
		? digests[method.attributes.get('Algorithm') ?? '']
		: undefined;

	if (kind === undefined || !is(value, DSIG, 'DigestValue') || value.elements.length > 0) {
		throw new Broken('manifest.digest', name);
	}
	if (more.length > 0 || (extensions && !is(extensions, ASIC, 'DataObjectReferenceExtensions'))) {
		throw new Broken('manifest.form', name);
	}
	if (extensions) {
		readExtensions(extensions);
	}
	const digest = decodeBase64(value.text.replace(/[ \t\r\n]/g, ''));

	if (digest.length !== kind.bytes) {
		throw new Broken('manifest.digest', name);
	}
	return { name, uri: uri!, algorithm: kind.name, digest };
}

export function readManifest(bytes: Uint8Array): Manifest {
	const root = readXml(bytes);
	const [signature, ...rest] = root.elements;
	const references: Reference[] = [];
	let isStamped = false;

	if (!is(root, ASIC, 'ASiCManifest') || !is(signature, ASIC, 'SigReference') || /\S/.test(root.text)) {
		throw new Broken('manifest.form');
	}
	for (const element of rest) {
		if (is(element, ASIC, 'DataObjectReference')) {
			references.push(readReference(element));
		} else if (is(element, ASIC, 'ASiCManifestExtensions')) {
			isStamped = readExtensions(element) || isStamped;
		} else {
			throw new Broken('manifest.form');
		}
	}
	if (references.length === 0 || references.length > REFERENCES_MAX) {
		throw new Broken('manifest.form');
	}
	return { signature: nameOf(signature.attributes.get('URI')), references, isStamped };
}
