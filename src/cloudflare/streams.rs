//! A body read piece by piece, so that one without an end cannot fill the memory that all requests share.

use bytes::{Bytes, BytesMut};
use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStream, ReadableStreamDefaultReader};

/// The whole body, or a little more than `most` bytes of it: then there was more.
pub async fn up_to(stream: Option<ReadableStream>, most: usize) -> Result<Bytes, JsValue> {
    let Some(stream) = stream else { return Ok(Bytes::new()) };
    let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    let mut bytes = BytesMut::new();
    while bytes.len() <= most {
        let piece = JsFuture::from(reader.read()).await?;
        if Reflect::get(&piece, &"done".into())?.is_truthy() {
            return Ok(bytes.freeze());
        }
        let piece: Uint8Array = Reflect::get(&piece, &"value".into())?.unchecked_into();
        bytes.extend_from_slice(&piece.to_vec());
    }
    let _ = JsFuture::from(reader.cancel()).await;
    Ok(bytes.freeze())
}
