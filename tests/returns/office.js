// Files as other programs write them, for the tests. With the npm package "xlsx" (SheetJS, Apache-2.0):
//
//   node office.js msg SPEC.json OUT.msg   a mail as Outlook saves it
//   node office.js FORM IN.xlsx OUT.FORM   a workbook in another format (xls, xlsb, ods, numbers, csv, html, …)
//
// SPEC: { subject, sender: {name, email, smtp}, submitted, delivered (ISO), headers, body, html, rtf (base64),
//         attachments: [ {name, short, mime, content_id, hidden, base64 | path} | {name, message: SPEC} ] }
// Everything in it may be left out; an attachment without base64, path or message is one that is only linked to.
"use strict";
const fs = require("fs");
const path = require("path");
const XLSX = require("xlsx");

const INTEGER = 0x0003, BOOLEAN = 0x000b, OBJECT = 0x000d, TEXT = 0x001f, TIME = 0x0040, BINARY = 0x0102;
const HEADER = { mail: 32, embedded: 24, attachment: 8 };

const hex = (number, width) => number.toString(16).toUpperCase().padStart(width, "0");

/** The properties of one mail or attachment, and the streams that hold the longer of them. */
class Properties {
  constructor() {
    this.entries = [];
    this.streams = [];
  }

  entry(id, type) {
    const entry = Buffer.alloc(16);
    entry.writeUInt16LE(type, 0);
    entry.writeUInt16LE(id, 2);
    entry.writeUInt32LE(6, 4); // may be read and written
    this.entries.push(entry);
    return entry;
  }

  integer(id, value) {
    this.entry(id, INTEGER).writeUInt32LE(value, 8);
  }

  boolean(id, value) {
    if (value != null) this.entry(id, BOOLEAN).writeUInt8(value ? 1 : 0, 8);
  }

  time(id, iso) {
    if (iso == null) return;
    const since1601 = BigInt(Date.parse(iso)) + 11644473600000n;
    this.entry(id, TIME).writeBigUInt64LE(since1601 * 10000n, 8);
  }

  text(id, value) {
    if (!value) return;
    const content = Buffer.from(value, "utf16le");
    this.entry(id, TEXT).writeUInt32LE(content.length + 2, 8); // counts an end that is not written
    this.streams.push([`__substg1.0_${hex(id, 4)}${hex(TEXT, 4)}`, content]);
  }

  binary(id, content) {
    if (content == null) return;
    this.entry(id, BINARY).writeUInt32LE(content.length, 8);
    this.streams.push([`__substg1.0_${hex(id, 4)}${hex(BINARY, 4)}`, content]);
  }

  object(id) {
    this.entry(id, OBJECT).writeUInt32LE(0xffffffff, 8);
  }

  write(file, folder, header) {
    file.add(`${folder}/__properties_version1.0`, Buffer.concat([header, ...this.entries]));
    for (const [name, content] of this.streams) file.add(`${folder}/${name}`, content);
  }
}

function writeMail(file, folder, spec, size) {
  const attachments = spec.attachments || [];
  const sender = spec.sender || {};
  const all = new Properties();
  all.text(0x001a, "IPM.Note");
  all.text(0x0037, spec.subject);
  all.text(0x0c1a, sender.name);
  all.text(0x0c1f, sender.email);
  all.text(0x5d01, sender.smtp);
  all.text(0x007d, spec.headers);
  all.time(0x0039, spec.submitted);
  all.time(0x0e06, spec.delivered);
  all.text(0x1000, spec.body);
  all.binary(0x1013, spec.html == null ? undefined : Buffer.from(spec.html, "utf8"));
  all.binary(0x1009, spec.rtf == null ? undefined : Buffer.from(spec.rtf, "base64"));
  all.integer(0x3fde, 65001);
  all.integer(0x340d, 0x00040000); // its texts are Unicode
  const header = Buffer.alloc(size);
  header.writeUInt32LE(attachments.length, 12);
  header.writeUInt32LE(attachments.length, 20);
  all.write(file, folder, header);
  attachments.forEach((attachment, number) =>
    writeAttachment(file, `${folder}/__attach_version1.0_#${hex(number, 8)}`, attachment));
}

function writeAttachment(file, folder, spec) {
  const all = new Properties();
  all.text(0x3707, spec.name);
  all.text(0x3704, spec.short);
  all.text(0x370e, spec.mime);
  all.text(0x3712, spec.content_id);
  all.boolean(0x7ffe, spec.hidden);
  const content = spec.base64 != null ? Buffer.from(spec.base64, "base64")
    : spec.path != null ? fs.readFileSync(spec.path) : undefined;
  all.binary(0x3701, content);
  all.integer(0x3705, spec.message ? 5 : content ? 1 : 7);
  if (spec.message) {
    all.object(0x3701);
    writeMail(file, `${folder}/__substg1.0_3701000D`, spec.message, HEADER.embedded);
  }
  all.write(file, folder, Buffer.alloc(HEADER.attachment));
}

function msg(spec) {
  const { CFB } = XLSX;
  const cfb = CFB.utils.cfb_new();
  CFB.utils.cfb_del(cfb, "/\u0001Sh33tJ5");
  const file = { add: (name, content) => CFB.utils.cfb_add(cfb, name, content) };
  // A table of named properties must be there; this one names "Keywords", as every mail of Outlook's does.
  const name = Buffer.from("Keywords", "utf16le");
  const streams = {
    "00020102": Buffer.from("2903020000000000c000000000000046", "hex"),
    "00030102": Buffer.from("0000000005000000", "hex"),
    "00040102": Buffer.concat([Buffer.from([name.length, 0, 0, 0]), name]),
  };
  for (const [id, content] of Object.entries(streams))
    file.add(`/__nameid_version1.0/__substg1.0_${id}`, content);
  writeMail(file, "", spec, HEADER.mail);
  return Buffer.from(CFB.write(cfb, { type: "buffer" }));
}

const [form, source, to] = process.argv.slice(2);
if (form === "msg") {
  fs.writeFileSync(to, msg(JSON.parse(fs.readFileSync(source, "utf8"))));
} else {
  const book = XLSX.readFile(source, { cellStyles: true, cellNF: true, cellDates: true });
  const options = { bookType: path.extname(to).slice(1) };
  if (form === "numbers") options.numbers = require("xlsx/dist/xlsx.zahl");
  XLSX.writeFile(book, to, options);
}
