import { DOMParser, onErrorStopParsing, type Document } from '@xmldom/xmldom';

const DISCOVERY = 'http://schemas.xmlsoap.org/ws/2005/04/discovery';
const ADDRESSING = 'http://schemas.xmlsoap.org/ws/2004/08/addressing';
const SCOPE = /^onvif:\/\/www\.onvif\.org\/(name|hardware|location)\/(.+)$/i;
const WORDS_MAX = 100;
/** Answers that begin otherwise are not read: a document type is no part of SOAP, and has cost other readers dearly. */
const DOCTYPE = /<!DOCTYPE/i;

/** What a device says of itself in answer to a probe; all of it is what somebody on the network wrote. */
export interface ProbeMatch {
  /** In words of the device, printable, 100 characters at most. */
  readonly name?: string;
  readonly hardware?: string;
  readonly location?: string;
}

/** The text of a WS-Discovery 1.1 (2005/04) probe for ONVIF video transmitters, with its `urn:uuid:` as the message's id. */
export function probeText(messageId: string): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"',
    ` xmlns:a="${ADDRESSING}" xmlns:d="${DISCOVERY}" xmlns:n="http://www.onvif.org/ver10/network/wsdl">`,
    `<s:Header><a:Action s:mustUnderstand="1">${DISCOVERY}/Probe</a:Action><a:MessageID>${messageId}</a:MessageID>`,
    `<a:ReplyTo><a:Address>${ADDRESSING}/role/anonymous</a:Address></a:ReplyTo>`,
    '<a:To s:mustUnderstand="1">urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To></s:Header>',
    '<s:Body><d:Probe><d:Types>n:NetworkVideoTransmitter</d:Types></d:Probe></s:Body></s:Envelope>',
  ].join('');
}

/**
 * Reads the answer to a probe; undefined for whatever is none to the one of this id: noise, other probes' answers, hostile text.
 *
 * @param text of one datagram
 */
export function readProbeMatch(text: string, messageId: string): ProbeMatch | undefined {
  if (DOCTYPE.test(text)) return undefined;
  let document: Document;
  try {
    document = new DOMParser({ onError: onErrorStopParsing }).parseFromString(text, 'text/xml');
  } catch {
    return undefined;
  }
  const [relatesTo] = document.getElementsByTagNameNS(ADDRESSING, 'RelatesTo');
  if (relatesTo?.textContent?.trim() !== messageId) return undefined;
  const [match] = document.getElementsByTagNameNS(DISCOVERY, 'ProbeMatch');
  if (match === undefined) return undefined;
  const [told] = match.getElementsByTagNameNS(DISCOVERY, 'Scopes');
  const scopes = (told?.textContent ?? '').split(/\s+/);
  const found: Record<string, string> = {};
  for (const scope of scopes) {
    const [, kind = '', words = ''] = SCOPE.exec(scope) ?? [];
    const key = kind.toLowerCase();
    const readable = printable(words);
    if (key !== '' && readable !== '') found[key] ??= readable;
  }
  return found;
}

/** Percent-decoded, without control characters. */
function printable(words: string): string {
  let text = words;
  try {
    text = decodeURIComponent(words);
  } catch {
    // A lone % in a name: as it stands.
  }
  return text
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .trim()
    .slice(0, WORDS_MAX);
}
